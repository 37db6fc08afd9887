package io.github.gracefulrestart.actuate;

import java.util.Map;
import java.util.function.Supplier;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvocationContext;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Reads the query of {@code POST /actuator/reload?wait=true} or {@code ?dry-run=true}, in
 * servlet and in reactive applications, and refuses unknown parameters. Actuator requires
 * a content type for operations with parameters, so the endpoint also has one without
 * parameters, for {@code curl -X POST}. The invoker of that operation gets the query,
 * too.
 */
public class ReloadQueryAdvisor implements OperationInvokerAdvisor {

	private static final EndpointId RELOAD = EndpointId.of("reload");

	private final Supplier<ReloadEndpoint> endpoint;

	/**
	 * Create the advisor.
	 * @param endpoint supplies the endpoint when it is called
	 */
	public ReloadQueryAdvisor(Supplier<ReloadEndpoint> endpoint) {
		this.endpoint = endpoint;
	}

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!RELOAD.equals(endpointId)) {
			return invoker;
		}
		return switch (operationType) {
			case READ -> invoker;
			case WRITE -> (context) -> reload(context, parameters.hasParameters());
			case DELETE -> (context) -> rollBack(context.getArguments());
		};
	}

	/**
	 * The arguments contain the properties of the body, too. A hyphen is allowed in a
	 * body as in a query.
	 */
	private Object reload(InvocationContext context, boolean body) {
		ReloadEndpoint endpoint = this.endpoint.get();
		try {
			SecurityContext user = context.resolveArgument(SecurityContext.class);
			return endpoint.reload(ReloadParameters.of(context.getArguments(), body),
					(user != null) ? user : SecurityContext.NONE);
		}
		catch (IllegalArgumentException ex) {
			return endpoint.invalid(ex.getMessage() + ": allowed are " + ReloadParameters.ALLOWED);
		}
	}

	private Object rollBack(Map<String, Object> arguments) {
		ReloadEndpoint endpoint = this.endpoint.get();
		return arguments.isEmpty() ? endpoint.rollBack()
				: endpoint.invalid("DELETE has no parameters, but was given " + arguments.keySet());
	}

}
