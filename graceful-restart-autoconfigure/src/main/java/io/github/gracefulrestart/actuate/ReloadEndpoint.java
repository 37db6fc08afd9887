package io.github.gracefulrestart.actuate;

import java.util.Set;
import java.util.concurrent.CompletionException;

import io.github.gracefulrestart.DryRunReport;
import io.github.gracefulrestart.RestartAttempt;
import io.github.gracefulrestart.RestartOutcome;
import io.github.gracefulrestart.RestartRefusedException;
import io.github.gracefulrestart.RestartReport;
import io.github.gracefulrestart.RestartStatus;
import io.github.gracefulrestart.Restarter;
import io.github.gracefulrestart.actuate.ReloadDescriptor.RestartDescriptor;
import io.github.gracefulrestart.actuate.ReloadDescriptor.SupervisorDescriptor;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointProperties;
import org.springframework.boot.actuate.endpoint.SecurityContext;
import org.springframework.boot.actuate.endpoint.Show;
import org.springframework.boot.actuate.endpoint.annotation.DeleteOperation;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.WebEndpoint;

/**
 * The actuator endpoint {@code reload}. A read request returns the state of this process.
 * A write request triggers a restart: 202 when the successor has been launched, 409 when
 * a restart is under way, 422 when a check refuses it, 503 when this process cannot
 * restart. With {@code wait=true} the response waits for the outcome: 200 when the
 * successor serves, 500 when it does not. With {@code dry-run=true} nothing is replaced:
 * the response says whether a restart would succeed, and with {@code
 * boot=true} also how a successor started, which got no traffic and has been terminated.
 * A delete request asks the predecessor of a process on probation to roll back.
 */
@WebEndpoint(id = "reload")
public class ReloadEndpoint {

	private static final String ID = "reload";

	private static final String TRIGGER = "endpoint";

	private static final int ACCEPTED = 202;

	private static final int CONFLICT = 409;

	private static final int UNPROCESSABLE = 422;

	private static final int SERVICE_UNAVAILABLE = 503;

	private static final String NOTHING = ". Nothing was done";

	private final Restarter restarter;

	private final String path;

	private final Show showValues;

	private final Set<String> roles;

	private final @Nullable SupervisorDescriptor supervisor;

	ReloadEndpoint(Restarter restarter, String path, Show showValues, Set<String> roles,
			@Nullable SupervisorDescriptor supervisor) {
		this.restarter = restarter;
		this.path = path;
		this.showValues = showValues;
		this.roles = Set.copyOf(roles);
		this.supervisor = supervisor;
	}

	/**
	 * Create the endpoint.
	 * @param restarter the restarter
	 * @param web knows the path of this endpoint, for its responses
	 * @param showValues who may see the last output of a failed successor, which may
	 * contain anything
	 * @param roles the roles of the users that are authorized, or none if all
	 * authenticated users are
	 * @param supervisor who watches this process, or {@code null} if that is not known
	 * @return the endpoint
	 */
	public static ReloadEndpoint of(Restarter restarter, WebEndpointProperties web, Show showValues, Set<String> roles,
			@Nullable SupervisorDescriptor supervisor) {
		return new ReloadEndpoint(restarter, web.getBasePath() + "/" + web.getPathMapping().getOrDefault(ID, ID),
				showValues, roles, supervisor);
	}

	/**
	 * Return the state of this process.
	 * @param user the user who asks
	 * @return a snapshot
	 */
	@ReadOperation
	public ReloadDescriptor status(SecurityContext user) {
		return ReloadDescriptor.of(this.restarter.status(), this.supervisor, isShown(user));
	}

	private boolean isShown(SecurityContext user) {
		return this.showValues.isShown(user, this.roles);
	}

	/**
	 * Request a restart by a request without a body. Over HTTP, its query parameters are
	 * read, see {@link ReloadQueryAdvisor}.
	 * @return what happens
	 */
	@WriteOperation
	public WebEndpointResponse<Object> reload() {
		return reload(new ReloadParameters(false, false, false), SecurityContext.NONE);
	}

	/**
	 * Request a restart by a request with a JSON body.
	 * @param wait whether to wait for the outcome
	 * @param dryRun whether nothing is to be replaced
	 * @param boot whether a dry run launches a successor
	 * @return what happens
	 */
	@WriteOperation
	public WebEndpointResponse<Object> reload(@Nullable Boolean wait, @Nullable Boolean dryRun,
			@Nullable Boolean boot) {
		return reload(
				new ReloadParameters(Boolean.TRUE.equals(wait), Boolean.TRUE.equals(dryRun), Boolean.TRUE.equals(boot)),
				SecurityContext.NONE);
	}

	WebEndpointResponse<Object> reload(ReloadParameters asked, SecurityContext user) {
		if (asked.boot() && !asked.dryRun()) {
			return invalid("boot=true is for dry runs: add dry-run=true, or leave it out to restart");
		}
		try {
			if (asked.dryRun()) {
				return tried(this.restarter.dryRun(TRIGGER, asked.boot()).toCompletableFuture().join(), isShown(user));
			}
			RestartAttempt attempt = this.restarter.restart(TRIGGER);
			return asked.waits() ? outcome(attempt, isShown(user)) : launched(attempt);
		}
		catch (RestartRefusedException ex) {
			return refused(ex);
		}
		catch (CompletionException ex) {
			if (ex.getCause() instanceof RestartRefusedException refusal) {
				return refused(refusal);
			}
			throw ex;
		}
	}

	WebEndpointResponse<Object> invalid(String reason) {
		return new WebEndpointResponse<>(answer(reason + NOTHING), WebEndpointResponse.STATUS_BAD_REQUEST);
	}

	private static WebEndpointResponse<Object> tried(DryRunReport report, boolean shown) {
		int status = WebEndpointResponse.STATUS_OK;
		if (!report.preflight().passed()) {
			status = report.preflight().unavailable() ? SERVICE_UNAVAILABLE : UNPROCESSABLE;
		}
		else if (!report.passed()) {
			status = WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR;
		}
		return new WebEndpointResponse<>(DryRunDescriptor.of(report, shown), status);
	}

	/**
	 * Ask the predecessor to roll back, because this process should not serve.
	 * @return what happens
	 */
	@DeleteOperation
	public WebEndpointResponse<Object> rollBack() {
		try {
			RestartStatus before = this.restarter.status();
			this.restarter.rollBack("DELETE /actuator/reload");
			return new WebEndpointResponse<>(new ReloadAnswer(
					"the predecessor (pid " + before.predecessorPid() + ") rolls back, and this process will exit",
					before.generation() - 1, before.pid(), null, this.path), ACCEPTED);
		}
		catch (RestartRefusedException ex) {
			return refused(ex);
		}
	}

	private WebEndpointResponse<Object> launched(RestartAttempt attempt) {
		RestartAttempt.Launched launched = attempt.launched().toCompletableFuture().join();
		return new WebEndpointResponse<>(new ReloadAnswer("restart under way", launched.generation(),
				ProcessHandle.current().pid(), launched.successorPid(), this.path), ACCEPTED);
	}

	private WebEndpointResponse<Object> outcome(RestartAttempt attempt, boolean shown) {
		attempt.launched().toCompletableFuture().join();
		RestartReport report = attempt.outcome().toCompletableFuture().join();
		int status = (report.outcome() == RestartOutcome.COMPLETED) ? WebEndpointResponse.STATUS_OK
				: WebEndpointResponse.STATUS_INTERNAL_SERVER_ERROR;
		return new WebEndpointResponse<>(RestartDescriptor.of(report, shown), status);
	}

	private WebEndpointResponse<Object> refused(RestartRefusedException refusal) {
		int status = switch (refusal.kind()) {
			case UNDER_WAY -> CONFLICT;
			case IMPOSSIBLE -> UNPROCESSABLE;
			case UNAVAILABLE -> SERVICE_UNAVAILABLE;
		};
		return new WebEndpointResponse<>(answer(String.valueOf(refusal.getMessage())), status);
	}

	private ReloadAnswer answer(String message) {
		return new ReloadAnswer(message, this.restarter.status().generation(), ProcessHandle.current().pid(), null,
				this.path);
	}

}
