package io.github.gracefulrestart.actuate;

import org.jspecify.annotations.Nullable;

/**
 * What a failed successor said last, for those who may see it. The value of a property
 * that cannot be bound stands there in full, and whatever the application writes.
 */
final class Detail {

	private static final String HIDDEN = "hidden, see management.endpoint.reload.show-values. The log contains it";

	private Detail() {
	}

	static @Nullable String of(@Nullable String detail, boolean shown) {
		return (shown || detail == null || detail.isBlank()) ? detail : HIDDEN;
	}

}
