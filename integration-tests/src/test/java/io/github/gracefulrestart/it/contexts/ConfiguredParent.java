package io.github.gracefulrestart.it.contexts;

import io.github.gracefulrestart.PredecessorGoneEvent;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.event.EventListener;

/**
 * The parent of a context, with an auto-configuration of its own.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
class ConfiguredParent {

	@EventListener
	void predecessorGone(PredecessorGoneEvent event) {
		System.out.println("parent: predecessor of pid " + ProcessHandle.current().pid() + " has exited");
	}

}
