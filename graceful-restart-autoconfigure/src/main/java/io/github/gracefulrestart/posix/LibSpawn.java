package io.github.gracefulrestart.posix;

import jnr.ffi.Pointer;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/**
 * The C library functions that start a process. Shapes are those of the Linux manual
 * pages of the same name; those named after {@code posix_spawn} return the number of the
 * error, or 0.
 */
public interface LibSpawn {

	int posix_spawn_file_actions_init(Pointer actions);

	int posix_spawn_file_actions_destroy(Pointer actions);

	int posix_spawn_file_actions_adddup2(Pointer actions, int fd, int target);

	int posix_spawn_file_actions_addclose(Pointer actions, int fd);

	int posix_spawn_file_actions_addclosefrom_np(Pointer actions, int from);

	int posix_spawn_file_actions_addchdir_np(Pointer actions, @In byte[] path);

	int posix_spawnattr_init(Pointer attributes);

	int posix_spawnattr_destroy(Pointer attributes);

	int posix_spawnattr_setflags(Pointer attributes, short flags);

	int posix_spawnattr_setsigmask(Pointer attributes, Pointer signals);

	int posix_spawnp(@Out int[] pid, @In byte[] file, Pointer actions, Pointer attributes, Pointer arguments,
			Pointer environment);

	int pipe2(@Out int[] descriptors, int flags);

}
