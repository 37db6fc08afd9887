package io.github.gracefulrestart.engine;

import io.github.gracefulrestart.PredecessorGoneEvent;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ApplicationEventMulticaster;
import org.springframework.context.support.AbstractApplicationContext;

/**
 * Publishes the events of one context's restarter. They also reach its parents, with one
 * exception: a parent with a restarter of its own hears from that one when the
 * predecessor has exited. Otherwise it would start exclusive work twice.
 */
final class HierarchyEvents {

	private HierarchyEvents() {
	}

	static ApplicationEventPublisher of(ConfigurableApplicationContext context) {
		return (event) -> {
			if (event instanceof PredecessorGoneEvent gone && isToldItself(context.getParent())) {
				context
					.getBean(AbstractApplicationContext.APPLICATION_EVENT_MULTICASTER_BEAN_NAME,
							ApplicationEventMulticaster.class)
					.multicastEvent(gone);
			}
			else {
				context.publishEvent(event);
			}
		};
	}

	static boolean isToldItself(@Nullable ApplicationContext parent) {
		return parent != null && BeanFactoryUtils.beanNamesForTypeIncludingAncestors(parent, RestartEngine.class, true,
				false).length > 0;
	}

}
