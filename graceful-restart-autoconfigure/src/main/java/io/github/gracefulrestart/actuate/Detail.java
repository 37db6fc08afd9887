package io.github.gracefulrestart.actuate;

import org.jspecify.annotations.Nullable;

/**
 * The last output of a failed successor, for users who may see it. It may contain the
 * full value of a property that cannot be bound, and anything else that the application
 * writes.
 */
final class Detail {

	private static final String HIDDEN = "hidden, see management.endpoint.reload.show-values. The log contains it";

	private Detail() {
	}

	static @Nullable String of(@Nullable String detail, boolean shown) {
		return (shown || detail == null || detail.isBlank()) ? detail : HIDDEN;
	}

}
