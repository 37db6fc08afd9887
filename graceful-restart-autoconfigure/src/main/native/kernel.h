/*
 * Calls of the Linux kernel without a C library, on x86-64 and on aarch64. Shapes are
 * those of the manual pages, section 2; a negative result is an error number.
 */
#ifndef KERNEL_H
#define KERNEL_H

typedef unsigned long word;

#if defined(__x86_64__)

enum {
	SYS_kill = 62, SYS_wait4 = 61, SYS_rt_sigaction = 13, SYS_rt_sigprocmask = 14,
	SYS_rt_sigtimedwait = 128, SYS_prctl = 157, SYS_exit_group = 231, SYS_execveat = 322,
	SYS_close_range = 436, SYS_getpid = 39, SYS_chdir = 80
};

static inline long call(long number, long a, long b, long c, long d, long e)
{
	long result;
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	__asm__ volatile("syscall"
		: "=a"(result)
		: "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
		: "rcx", "r11", "memory");
	return result;
}

#elif defined(__aarch64__)

enum {
	SYS_kill = 129, SYS_wait4 = 260, SYS_rt_sigaction = 134, SYS_rt_sigprocmask = 135,
	SYS_rt_sigtimedwait = 137, SYS_prctl = 167, SYS_exit_group = 94, SYS_execveat = 281,
	SYS_close_range = 436, SYS_getpid = 172, SYS_chdir = 49
};

static inline long call(long number, long a, long b, long c, long d, long e)
{
	register long x8 __asm__("x8") = number;
	register long x0 __asm__("x0") = a;
	register long x1 __asm__("x1") = b;
	register long x2 __asm__("x2") = c;
	register long x3 __asm__("x3") = d;
	register long x4 __asm__("x4") = e;
	__asm__ volatile("svc 0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
	return x0;
}

#else
#error "not written for this architecture"
#endif

enum {
	SIGHUP = 1, SIGKILL = 9, SIGCHLD = 17, SIGSTOP = 19, SIGTTIN = 21, SIGTTOU = 22,
	/* With this one, a generation names the one that is to follow it */
	HEIR = 40
};

enum { SIG_BLOCK = 0, SIGNAL_SET_SIZE = 8 };

/* The set of all signals, as the kernel takes it */
static const word ALL_SIGNALS = ~0UL;

#endif
