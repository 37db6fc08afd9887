package io.github.gracefulrestart.it;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import org.junit.jupiter.api.ClassDescriptor;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.ClassOrdererContext;

/**
 * Lets what is {@link Lengthy} start first. Of the threads that run the tests, one begins
 * at the end of all classes, and the others at the beginning.
 */
public final class LengthyFirst implements ClassOrderer {

	private static final int THREADS = 3;

	@Override
	public void orderClasses(ClassOrdererContext context) {
		List<ClassDescriptor> first = new ArrayList<>();
		List<ClassDescriptor> middle = new ArrayList<>();
		List<ClassDescriptor> last = new ArrayList<>();
		int lengthy = 0;
		for (ClassDescriptor descriptor : context.getClassDescriptors()) {
			if (!descriptor.isAnnotated(Lengthy.class)) {
				middle.add(descriptor);
			}
			else {
				lengthy++;
				((lengthy % THREADS == 0) ? last : first).add(descriptor);
			}
		}
		List<ClassDescriptor> ordered = new ArrayList<>(first);
		ordered.addAll(middle);
		ordered.addAll(last);
		context.getClassDescriptors().sort(Comparator.comparingInt(ordered::indexOf));
	}

}
