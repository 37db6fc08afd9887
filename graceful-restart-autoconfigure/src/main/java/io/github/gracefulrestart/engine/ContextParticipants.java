package io.github.gracefulrestart.engine;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

import io.github.gracefulrestart.RestartParticipant;
import io.github.gracefulrestart.state.Participant;

import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Finds the participants among the beans of a context. Those of a parent are included,
 * unless the parent has a restarter of its own, which calls them.
 */
final class ContextParticipants {

	private ContextParticipants() {
	}

	static List<Participant> of(ConfigurableApplicationContext context) {
		Map<String, RestartParticipant> beans = HierarchyEvents.isToldItself(context.getParent())
				? context.getBeansOfType(RestartParticipant.class)
				: BeanFactoryUtils.beansOfTypeIncludingAncestors(context, RestartParticipant.class);
		IdentityHashMap<RestartParticipant, String> names = new IdentityHashMap<>();
		beans.forEach((name, bean) -> names.put(bean, name));
		return context.getBeanProvider(RestartParticipant.class)
			.orderedStream()
			.filter(names::containsKey)
			.map((participant) -> new Participant(String.valueOf(names.get(participant)), participant))
			.toList();
	}

}
