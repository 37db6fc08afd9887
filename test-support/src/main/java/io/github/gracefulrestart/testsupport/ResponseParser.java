package io.github.gracefulrestart.testsupport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Reads one HTTP/1.1 response after the other from whatever pieces arrive. Consumes
 * exactly one response: bytes behind its end stay in the buffer, for the caller to judge.
 */
final class ResponseParser {

	private static final int MAX_HEAD = 65536;

	private static final byte[] HEAD_END = { '\r', '\n', '\r', '\n' };

	private final @Nullable Consumer<ByteBuffer> body;

	private byte[] head = new byte[1024];

	private int headLength;

	private int matched;

	private Part part = Part.HEAD;

	private Chunk chunk = Chunk.SIZE;

	private long left;

	private boolean begun;

	private int status;

	private boolean close;

	private long pid;

	/**
	 * Create a parser.
	 * @param body receives the pieces of the body, or {@code null} to drop them
	 */
	ResponseParser(@Nullable Consumer<ByteBuffer> body) {
		this.body = body;
		reset();
	}

	/**
	 * Forget the last response and expect the next.
	 */
	void reset() {
		expectHead();
		this.begun = false;
		this.status = 0;
		this.close = false;
		this.pid = -1;
	}

	private void expectHead() {
		this.part = Part.HEAD;
		this.headLength = 0;
		this.matched = 0;
	}

	Progress feed(ByteBuffer input) {
		if (input.hasRemaining()) {
			this.begun = true;
		}
		while (this.part == Part.HEAD) {
			if (!input.hasRemaining()) {
				return Progress.MORE;
			}
			if (!headByte(input.get())) {
				return Progress.BAD;
			}
			if (this.matched == HEAD_END.length) {
				Progress progress = headComplete();
				if (progress != Progress.MORE) {
					return progress;
				}
			}
		}
		return switch (this.part) {
			case LENGTH -> length(input);
			case CHUNKED -> chunked(input);
			default -> toEndOfStream(input);
		};
	}

	/**
	 * The server closed the connection in an orderly way.
	 * @return whether that is the end of a complete response
	 */
	boolean completeAtEndOfStream() {
		return this.part == Part.TO_END_OF_STREAM;
	}

	private boolean headByte(byte next) {
		if (this.headLength == MAX_HEAD || (this.headLength < 5 && next != "HTTP/".charAt(this.headLength))) {
			return false;
		}
		if (this.headLength == this.head.length) {
			this.head = Arrays.copyOf(this.head, this.headLength * 2);
		}
		this.head[this.headLength++] = next;
		if (next == HEAD_END[this.matched]) {
			this.matched++;
		}
		else {
			this.matched = (next == '\r') ? 1 : 0;
		}
		return true;
	}

	private Progress headComplete() {
		int lineEnd = lineEnd(0);
		if (lineEnd < 12 || this.head[5] != '1' || this.head[6] != '.') {
			return Progress.BAD;
		}
		this.status = (int) number(9, 12);
		if (this.status < 100) {
			return Progress.BAD;
		}
		if (this.status < 200 && this.status != 101) {
			expectHead();
			return Progress.MORE;
		}
		this.close = this.head[7] == '0';
		return framing(lineEnd + 2);
	}

	private Progress framing(int firstHeader) {
		long contentLength = -1;
		boolean isChunked = false;
		for (int start = firstHeader, end; (end = lineEnd(start)) > start; start = end + 2) {
			int colon = start;
			while (colon < end && this.head[colon] != ':') {
				colon++;
			}
			if (named(start, colon, "content-length")) {
				contentLength = number(colon + 1, end);
			}
			else if (named(start, colon, "transfer-encoding")) {
				isChunked = contains(colon, end, "chunked");
			}
			else if (named(start, colon, "connection")) {
				this.close = contains(colon, end, "close") || (this.close && !contains(colon, end, "keep-alive"));
			}
			else if (named(start, colon, "x-pid")) {
				this.pid = number(colon + 1, end);
			}
		}
		if (this.status == 101 || this.status == 204 || this.status == 304) {
			return Progress.DONE;
		}
		if (isChunked) {
			this.part = Part.CHUNKED;
			this.chunk = Chunk.SIZE;
			this.left = 0;
		}
		else if (contentLength >= 0) {
			this.part = Part.LENGTH;
			this.left = contentLength;
			return (contentLength == 0) ? Progress.DONE : Progress.MORE;
		}
		else {
			this.part = Part.TO_END_OF_STREAM;
			this.close = true;
		}
		return Progress.MORE;
	}

	private Progress length(ByteBuffer input) {
		take(input);
		return (this.left == 0) ? Progress.DONE : Progress.MORE;
	}

	private Progress toEndOfStream(ByteBuffer input) {
		this.left = Long.MAX_VALUE;
		take(input);
		return Progress.MORE;
	}

	private Progress chunked(ByteBuffer input) {
		while (input.hasRemaining()) {
			if (this.chunk == Chunk.DATA) {
				take(input);
				if (this.left == 0) {
					this.chunk = Chunk.DATA_END;
				}
				continue;
			}
			byte next = input.get();
			if (next == '\r') {
				continue;
			}
			switch (this.chunk) {
				case SIZE, EXTENSION -> {
					if (!sizeLine(next)) {
						return Progress.BAD;
					}
				}
				case TRAILER -> {
					if (next != '\n') {
						this.left++;
					}
					else if (this.left == 0) {
						return Progress.DONE;
					}
					else {
						this.left = 0;
					}
				}
				default -> {
					if (next != '\n') {
						return Progress.BAD;
					}
					this.chunk = Chunk.SIZE;
				}
			}
		}
		return Progress.MORE;
	}

	private boolean sizeLine(byte next) {
		if (next == '\n') {
			this.chunk = (this.left > 0) ? Chunk.DATA : Chunk.TRAILER;
			return true;
		}
		if (this.chunk == Chunk.EXTENSION) {
			return true;
		}
		if (next == ';') {
			this.chunk = Chunk.EXTENSION;
			return true;
		}
		int digit = Character.digit(next, 16);
		this.left = this.left * 16 + digit;
		return digit >= 0 && this.left >= 0;
	}

	private void take(ByteBuffer input) {
		int size = (int) Math.min(this.left, input.remaining());
		if (this.body != null) {
			this.body.accept(input.slice(input.position(), size));
		}
		input.position(input.position() + size);
		this.left -= size;
	}

	private int lineEnd(int from) {
		int end = from;
		while (this.head[end] != '\r') {
			end++;
		}
		return end;
	}

	private boolean named(int start, int end, String name) {
		return end - start == name.length() && matches(start, name);
	}

	private boolean contains(int start, int end, String text) {
		for (int i = start; i + text.length() <= end; i++) {
			if (matches(i, text)) {
				return true;
			}
		}
		return false;
	}

	private boolean matches(int start, String lowerCase) {
		for (int i = 0; i < lowerCase.length(); i++) {
			int actual = this.head[start + i];
			if (actual >= 'A' && actual <= 'Z') {
				actual += 'a' - 'A';
			}
			if (actual != lowerCase.charAt(i)) {
				return false;
			}
		}
		return true;
	}

	private long number(int start, int end) {
		long result = -1;
		for (int i = start; i < end; i++) {
			int digit = this.head[i] - '0';
			if (digit >= 0 && digit <= 9) {
				result = Math.max(result, 0) * 10 + digit;
			}
			else if (result >= 0) {
				break;
			}
		}
		return result;
	}

	boolean begun() {
		return this.begun;
	}

	boolean headRead() {
		return this.part != Part.HEAD;
	}

	int status() {
		return this.status;
	}

	/**
	 * Return whether the connection ends with this response.
	 * @return whether the server said so, or the response has no other end
	 */
	boolean close() {
		return this.close;
	}

	/**
	 * Return the serving process.
	 * @return the header {@code X-Pid}, or -1
	 */
	long pid() {
		return this.pid;
	}

	Map<String, String> headers() {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		String text = new String(this.head, 0, this.headLength, StandardCharsets.ISO_8859_1);
		text.lines().skip(1).filter((line) -> line.indexOf(':') > 0).forEach((line) -> {
			int colon = line.indexOf(':');
			headers.merge(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip(),
					(first, second) -> first + ", " + second);
		});
		return Collections.unmodifiableMap(headers);
	}

	enum Progress {

		MORE, DONE, BAD

	}

	private enum Part {

		HEAD, LENGTH, CHUNKED, TO_END_OF_STREAM

	}

	private enum Chunk {

		SIZE, EXTENSION, DATA, DATA_END, TRAILER

	}

}
