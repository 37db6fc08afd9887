package io.github.gracefulrestart.tomcat;

import java.io.IOException;

import jakarta.servlet.ServletException;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.valves.ValveBase;

/**
 * Adds a header with the generation of this process to each response.
 */
final class GenerationHeaderValve extends ValveBase {

	private final String header;

	private final String generation;

	GenerationHeaderValve(String header, int generation) {
		super(true);
		this.header = header;
		this.generation = String.valueOf(generation);
	}

	@Override
	public void invoke(Request request, Response response) throws IOException, ServletException {
		response.setHeader(this.header, this.generation);
		getNext().invoke(request, response);
	}

}
