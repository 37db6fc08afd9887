package io.github.gracefulrestart.actuate;

import org.springframework.util.ClassUtils;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.context.request.RequestContextHolder;
import org.springframework.web.context.request.ServletRequestAttributes;

/**
 * The query parameters of the current request, in a servlet application.
 */
final class RequestParameters {

	private static final boolean SERVLET = ClassUtils.isPresent("jakarta.servlet.http.HttpServletRequest",
			RequestParameters.class.getClassLoader())
			&& ClassUtils.isPresent("org.springframework.web.context.request.RequestContextHolder",
					RequestParameters.class.getClassLoader());

	private RequestParameters() {
	}

	static boolean isTrue(String name) {
		if (!SERVLET) {
			return false;
		}
		RequestAttributes attributes = RequestContextHolder.getRequestAttributes();
		return attributes instanceof ServletRequestAttributes servlet
				&& Boolean.parseBoolean(servlet.getRequest().getParameter(name));
	}

}
