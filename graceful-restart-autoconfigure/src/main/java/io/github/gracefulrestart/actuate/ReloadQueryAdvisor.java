package io.github.gracefulrestart.actuate;

import java.util.Map;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Lets {@code POST /actuator/reload?wait=true} and {@code ?dry-run=true} be read, in
 * servlet and in reactive applications. Actuator demands a content type of operations
 * with parameters, so that the endpoint has one without for {@code curl -X POST}; but
 * what is in the query reaches the invoker of that one too.
 *
 * @since 0.1.0
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
		if (!RELOAD.equals(endpointId) || operationType != OperationType.WRITE) {
			return invoker;
		}
		return (context) -> reload(context.getArguments());
	}

	/**
	 * What is in the body is among the arguments, too. In a body a hyphen is as good as
	 * in a query.
	 */
	private Object reload(Map<String, Object> arguments) {
		boolean dryRun = isNotFalse(arguments, "dry-run") || isNotFalse(arguments, "dryRun");
		return this.endpoint.get().reload(isTrue(arguments.get("wait")), dryRun, isTrue(arguments.get("boot")));
	}

	/**
	 * Whoever writes {@code ?dry-run} or {@code ?dry-run=1} does not want a restart.
	 */
	private static boolean isNotFalse(Map<String, Object> arguments, String name) {
		return arguments.containsKey(name) && !"false".equalsIgnoreCase(String.valueOf(arguments.get(name)));
	}

	private static boolean isTrue(@Nullable Object value) {
		return Boolean.parseBoolean(String.valueOf(value));
	}

}
