package io.github.gracefulrestart.it.launch;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The sample application as a daemon of Apache Commons, which looks for these methods by
 * their names.
 */
public class SampleDaemon {

	private String[] arguments = {};

	private ConfigurableApplicationContext context;

	/**
	 * Keep the arguments.
	 * @param given the arguments of the application
	 */
	public void init(String[] given) {
		this.arguments = given;
	}

	/**
	 * Start.
	 * @throws ClassNotFoundException if the sample application is not on the class path
	 */
	public void start() throws ClassNotFoundException {
		this.context = SpringApplication.run(Class.forName("io.github.gracefulrestart.sample.SampleApplication"),
				this.arguments);
	}

	/**
	 * Stop.
	 */
	public void stop() {
		this.context.close();
	}

	/**
	 * Nothing is left to do.
	 */
	public void destroy() {
		// Closed
	}

}
