package io.github.gracefulrestart.engine;

import io.github.gracefulrestart.RestartParticipant;
import io.github.gracefulrestart.state.Participant;
import org.junit.jupiter.api.Test;

import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

class ContextParticipantsTests {

	@Test
	void participantsComeInTheirOrderWithTheNamesOfTheirBeans() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Ordering.class)) {
			assertThat(ContextParticipants.of(context)).extracting(Participant::name)
				.containsExactly("first", "second", "third", "last");
		}
	}

	@Test
	void participantsOfAParentBelongToIt() {
		try (AnnotationConfigApplicationContext parent = new AnnotationConfigApplicationContext(Ordering.class);
				AnnotationConfigApplicationContext child = new AnnotationConfigApplicationContext()) {
			child.setParent(parent);
			child.registerBean("own", Fifth.class);
			child.refresh();
			assertThat(ContextParticipants.of(child)).extracting(Participant::name)
				.containsExactlyInAnyOrder("first", "second", "third", "own", "last");
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class Ordering {

		@Bean
		RestartParticipant last() {
			return new RestartParticipant() {
			};
		}

		@Bean
		@Order(2)
		RestartParticipant second() {
			return new RestartParticipant() {
			};
		}

		@Bean
		Third third() {
			return new Third();
		}

		@Bean
		First first() {
			return new First();
		}

	}

	static class First implements RestartParticipant, Ordered {

		@Override
		public int getOrder() {
			return 1;
		}

	}

	@Order(3)
	static class Third implements RestartParticipant {

	}

	@Order(5)
	static class Fifth implements RestartParticipant {

	}

}
