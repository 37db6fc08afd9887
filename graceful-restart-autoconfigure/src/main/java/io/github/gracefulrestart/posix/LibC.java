package io.github.gracefulrestart.posix;

import java.nio.ByteBuffer;

import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * The C library functions that jnr-posix does not offer. Shapes are those of the Linux
 * manual pages of the same name; each returns -1 and sets {@code errno} on failure.
 */
public interface LibC {

	int getsockname(int fd, @Out byte[] address, @In @Out int[] length);

	int getpeername(int fd, @Out byte[] address, @In @Out int[] length);

	int getsockopt(int fd, int level, int name, @Out int[] value, @In @Out int[] length);

	int listen(int fd, int backlog);

	int memfd_create(String name, int flags);

	int sigqueue(int pid, int signal, long value);

	int socket(int domain, int type, int protocol);

	int clock_gettime(int clock, @Out long[] time);

	int shutdown(int fd, int how);

	long signal(int number, long handler);

	int dup3(int from, int to, int flags);

	int sendmsg(int fd, @In ByteBuffer message, int flags);

	int inotify_init1(int flags);

	int inotify_add_watch(int fd, String path, int mask);

	int poll(@In @Out ByteBuffer descriptors, long count, int timeout);

	int syscall(long number, int first, int second);

	int recvmsg(int fd, @In @Out ByteBuffer message, int flags);

}
