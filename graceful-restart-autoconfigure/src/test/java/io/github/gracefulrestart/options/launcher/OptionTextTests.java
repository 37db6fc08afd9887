package io.github.gracefulrestart.options.launcher;

import java.util.Arrays;
import java.util.List;

import io.github.gracefulrestart.options.launcher.OptionText.Syntax;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the launcher and the JVM make of quotes, tried with JDK 17 and 25.
 */
class OptionTextTests {

	@Test
	void readsArgumentFilesAsTheLauncherDoes() {
		String text = "-Da=\"x y\" # comment\n-Db=c\\d \"-De=1\\\\2\\tx\" -Df=a#b\n-Dg=\"p\\\n   q\" -Dh=a'b c'd -cp .";
		assertThat(values(text, Syntax.ARGUMENT_FILE)).containsExactly("-Da=x y", "-Db=c\\d", "-De=1\\2\tx", "-Dg=pq",
				"-Dh=ab cd", "-cp", ".");
	}

	@Test
	void readsWhatIsOddInArgumentFilesAsTheLauncherDoes() {
		assertThat(values("'a b\n c' d", Syntax.ARGUMENT_FILE)).containsExactly("a b", "c d");
		assertThat(values("\"one\"#x\ntwo three#x\nfour", Syntax.ARGUMENT_FILE)).containsExactly("onetwo", "four");
		assertThat(values("\"\" a \"\"", Syntax.ARGUMENT_FILE)).containsExactly("", "a");
		assertThat(values("a \"b\\\n", Syntax.ARGUMENT_FILE)).containsExactly("a");
		assertThat(values("a\u000bb", Syntax.ARGUMENT_FILE)).containsExactly("a\u000bb");
		assertThat(values(" ".repeat(4093) + "abc#x\nd", Syntax.ARGUMENT_FILE)).containsExactly("abcd");
		assertThat(values(" ".repeat(4092) + "abc#x\nd", Syntax.ARGUMENT_FILE)).containsExactly("d");
	}

	@Test
	void readsSettingsAsTheJvmDoes() {
		assertThat(values("# a b\n+A B=\"c d\"#e 'f g'\nH=\"i\nj\"", Syntax.SETTINGS)).containsExactly("+A", "B=c d#e",
				"'f", "g", "H=i", "j");
	}

	@Test
	void readsVariablesAsTheJvmDoes() {
		assertThat(values(" -Da=\"x y\" -Db=c\\d\t\"-De=1\\\\2\" -Df=a#b -Dg='\"' ", Syntax.VARIABLE))
			.containsExactly("-Da=x y", "-Db=c\\d", "-De=1\\\\2", "-Df=a#b", "-Dg=\"");
		assertThat(values("  ", Syntax.VARIABLE)).isEmpty();
	}

	@Test
	void whenOneOptionChangesThenTheRestStaysToTheLetter() {
		String text = "# one\n-Da=\"x y\"\t'-Xlog:gc:file=a b.log'  -Xmx1g\n";
		OptionText file = OptionText.parse(text, Syntax.ARGUMENT_FILE);
		assertThat(file.with(file.values())).isEqualTo(text);
		assertThat(file.with(List.of("-Da=x y", "-Xlog:gc:file=a \"b\\-2.log", "-Xmx1g")))
			.isEqualTo("# one\n-Da=\"x y\"\t\"-Xlog:gc:file=a \\\"b\\\\-2.log\"  -Xmx1g\n");
		assertThat(file.with(Arrays.asList("-Da=x y", null, "-Xmx1g"))).isEqualTo("# one\n-Da=\"x y\"\t  -Xmx1g\n");
	}

	@Test
	void whatIsWrittenIsReadAgain() {
		for (Syntax syntax : List.of(Syntax.ARGUMENT_FILE, Syntax.VARIABLE, Syntax.SETTINGS)) {
			for (String odd : List.of("plain", "a b", "it's", "say \"x\"", "'\"", "back\\slash", "#", "tab\t", "")) {
				OptionText text = OptionText.parse("-Dold=1 -Xmx1g", syntax);
				String changed = text.with(List.of("-Dnew=" + odd, "-Xmx1g"));
				assertThat(values(changed, syntax)).as(changed).containsExactly("-Dnew=" + odd, "-Xmx1g");
			}
		}
	}

	private static List<String> values(String text, Syntax syntax) {
		return OptionText.parse(text, syntax).values();
	}

}
