package io.github.gracefulrestart.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import jakarta.servlet.http.HttpServletResponse;

import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/**
 * One endpoint for each way in which a request can be in flight.
 */
@RestController
class SampleController {

	/** A multiple of 26, so that blocks continue the alphabet. */
	private static final byte[] BLOCK = alphabet(26 * 315);

	@GetMapping(path = "/hello", produces = MediaType.TEXT_PLAIN_VALUE)
	String hello() {
		return Identity.CURRENT.toString();
	}

	private final HandoverSwitch handover;

	SampleController(HandoverSwitch handover) {
		this.handover = handover;
	}

	@GetMapping(path = "/slow", produces = MediaType.TEXT_PLAIN_VALUE)
	String slow(@RequestParam(defaultValue = "1000") long ms) throws InterruptedException {
		Thread.sleep(ms);
		return Identity.CURRENT.toString();
	}

	/**
	 * Occupies a thread until this process drains.
	 */
	@GetMapping(path = "/slow-until-handover", produces = MediaType.TEXT_PLAIN_VALUE)
	String slowUntilHandover() {
		this.handover.past().join();
		return Identity.CURRENT.toString();
	}

	/**
	 * Occupies no thread until this process drains.
	 */
	@GetMapping(path = "/async-until-handover", produces = MediaType.TEXT_PLAIN_VALUE)
	DeferredResult<String> asyncUntilHandover() {
		// Not limited, as the ones that the framework makes are
		DeferredResult<String> result = new DeferredResult<>(0L);
		var unused = this.handover.past().thenRun(() -> result.setResult(Identity.CURRENT.toString()));
		return result;
	}

	/**
	 * Reads the body as it arrives, so that the request lasts as long as its client
	 * takes.
	 */
	@PostMapping(path = "/upload", produces = MediaType.TEXT_PLAIN_VALUE)
	String upload(InputStream body, @RequestParam(name = "pause", defaultValue = "0") long pauseMs)
			throws IOException, InterruptedException {
		byte[] buffer = new byte[8192];
		long total = 0;
		for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
			total += read;
			if (pauseMs > 0) {
				Thread.sleep(pauseMs);
			}
		}
		return "bytes=" + total + " " + Identity.CURRENT;
	}

	/**
	 * Answers the alphabet over and over, so that a client sees a missing piece anywhere.
	 */
	@GetMapping("/bytes")
	void bytes(@RequestParam(defaultValue = "1024") long n, HttpServletResponse response) throws IOException {
		response.setContentType(MediaType.APPLICATION_OCTET_STREAM_VALUE);
		response.setContentLengthLong(n);
		OutputStream out = response.getOutputStream();
		for (long left = n; left > 0; left -= BLOCK.length) {
			out.write(BLOCK, 0, (int) Math.min(left, BLOCK.length));
		}
	}

	private static byte[] alphabet(int length) {
		byte[] bytes = new byte[length];
		for (int i = 0; i < length; i++) {
			bytes[i] = (byte) ('a' + i % 26);
		}
		return bytes;
	}

}
