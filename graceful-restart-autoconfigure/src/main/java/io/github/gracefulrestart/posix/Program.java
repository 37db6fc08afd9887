package io.github.gracefulrestart.posix;

import java.nio.file.Path;
import java.util.List;

/**
 * A program and what it is called with: bytes, which need not be text.
 *
 * @param file the file to run
 * @param arguments what the program finds as its arguments, beginning with the name that
 * it goes by
 */
public record Program(Path file, List<byte[]> arguments) {

}
