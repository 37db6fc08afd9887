package io.github.gracefulrestart.sample;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Switches of the sample application.
 *
 * @param failStart Whether the context fails to refresh.
 * @param hangStart Whether the start hangs for ever, after the web server has started and
 * before the application is ready.
 * @param exitStart Exit code with which the JVM exits before the application is ready.
 * @param startDelay Time by which the application becomes ready later.
 * @param stopDelay Time by which closing the context takes longer.
 * @param holdHandover File without which a predecessor does not let its successor take
 * over, so that a test can look at that moment.
 * @param extraPort Port of the additional connector of the profile 'extra-connector'.
 * @param plainPort Port of the additional connector of the profile 'plain-connector'.
 * @param unixSocket Path of the Unix domain socket of the profile 'unix-socket'.
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("false") boolean failStart, @DefaultValue("false") boolean hangStart,
		@Nullable Integer exitStart, @DefaultValue("0") Duration startDelay, @DefaultValue("0") Duration stopDelay,
		@Nullable Path holdHandover, @Nullable Integer extraPort, @Nullable Integer plainPort,
		@Nullable String unixSocket) {
}
