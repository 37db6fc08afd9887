/*
 * A launcher of its own: starter OPTION... CLASS -- ARGUMENT...
 * It loads libjvm and calls the main method, as jpackage's and many home-made ones do.
 */
#include <jni.h>
#include <stdio.h>
#include <string.h>

#define MOST 64

int main(int argc, char **argv) {
	JavaVMOption options[MOST];
	JavaVMInitArgs arguments = {JNI_VERSION_10, 0, options, JNI_FALSE};
	int next = 1;
	while (next < argc && argv[next][0] == '-' && arguments.nOptions < MOST) {
		options[arguments.nOptions++].optionString = argv[next++];
	}
	if (next + 1 >= argc || strcmp(argv[next + 1], "--") != 0) {
		fprintf(stderr, "usage: starter OPTION... CLASS -- ARGUMENT...\n");
		return 2;
	}
	JavaVM *vm;
	JNIEnv *env;
	if (JNI_CreateJavaVM(&vm, (void **) &env, &arguments) != JNI_OK) {
		fprintf(stderr, "there is no JVM\n");
		return 1;
	}
	jclass type = (*env)->FindClass(env, argv[next]);
	jmethodID method = (type != NULL) ? (*env)->GetStaticMethodID(env, type, "main", "([Ljava/lang/String;)V") : NULL;
	next += 2;
	if (method != NULL) {
		jobjectArray texts = (*env)->NewObjectArray(env, argc - next, (*env)->FindClass(env, "java/lang/String"), NULL);
		for (int i = next; i < argc; i++) {
			(*env)->SetObjectArrayElement(env, texts, i - next, (*env)->NewStringUTF(env, argv[i]));
		}
		(*env)->CallStaticVoidMethod(env, type, method, texts);
	}
	int failed = (*env)->ExceptionCheck(env);
	if (failed) {
		(*env)->ExceptionDescribe(env);
	}
	(*vm)->DestroyJavaVM(vm);
	return failed;
}
