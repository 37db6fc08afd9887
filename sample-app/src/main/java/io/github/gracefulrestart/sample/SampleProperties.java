package io.github.gracefulrestart.sample;

import java.time.Duration;
import java.util.Set;

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
 * @param faultAt Events at which a listener does harm, such as 'phase:draining', 'ended',
 * 'gone', 'refusing', 'closed'.
 * @param faultHow What it does: 'error', 'exception', 'sleep' or 'hang'.
 * @param faultTime How long it sleeps.
 * @param extraPort Port of the additional connector of the profile 'extra-connector'.
 * @param plainPort Port of the additional connector of the profile 'plain-connector'.
 * @param unixSocket Path of the Unix domain socket of the profile 'unix-socket'.
 * @param unixSocketQueue Length of its queue of connections that wait to be accepted.
 */
@ConfigurationProperties("sample")
record SampleProperties(@DefaultValue("false") boolean failStart, @DefaultValue("false") boolean hangStart,
		@Nullable Integer exitStart, @DefaultValue("0") Duration startDelay, @DefaultValue("0") Duration stopDelay,
		@DefaultValue Set<String> faultAt, @DefaultValue("error") String faultHow,
		@DefaultValue("0") Duration faultTime, @Nullable Integer extraPort, @Nullable Integer plainPort,
		@Nullable String unixSocket, @DefaultValue("100") int unixSocketQueue) {
}
