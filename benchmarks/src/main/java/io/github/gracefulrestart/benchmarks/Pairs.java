package io.github.gracefulrestart.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/**
 * Two variants measured in turns, so that whatever else the machine does hits both. Only
 * the ratios within a pair are worth anything.
 */
final class Pairs {

	private final String first;

	private final String second;

	private final PrintStream out;

	Pairs(String first, String second, PrintStream out) {
		this.first = first;
		this.second = second;
		this.out = out;
	}

	/**
	 * Measure, and print each pair and the median of the ratios.
	 * @param count how many pairs
	 * @param measurement given the variant and the number of the pair, returns what was
	 * measured by name
	 */
	void run(int count, BiFunction<String, Integer, Map<String, Double>> measurement) {
		Map<String, List<Double>> ratios = new LinkedHashMap<>();
		MarkdownTable table = new MarkdownTable("pair", "measured", this.first, this.second, "ratio");
		for (int i = 1; i <= count; i++) {
			Map<String, Double> first;
			Map<String, Double> second;
			if (i % 2 == 1) {
				first = measurement.apply(this.first, i);
				second = measurement.apply(this.second, i);
			}
			else {
				second = measurement.apply(this.second, i);
				first = measurement.apply(this.first, i);
			}
			for (Map.Entry<String, Double> entry : first.entrySet()) {
				String name = entry.getKey();
				double other = second.getOrDefault(name, Double.NaN);
				double ratio = entry.getValue() / other;
				ratios.computeIfAbsent(name, (key) -> new ArrayList<>()).add(ratio);
				table.add(String.valueOf(i), name, Figures.decimal(entry.getValue()), Figures.decimal(other),
						Figures.ratio(ratio));
			}
			this.out.println(
					"pair " + i + " of " + count + ": " + this.first + " " + first + ", " + this.second + " " + second);
		}
		this.out.println();
		this.out.println(table);
		MarkdownTable summary = new MarkdownTable("ratio " + this.first + " : " + this.second, "median", "min", "max",
				"pairs");
		ratios.forEach((name, values) -> summary.add(name, Figures.ratio(Figures.median(values)),
				Figures.ratio(Figures.min(values)), Figures.ratio(Figures.max(values)), String.valueOf(values.size())));
		this.out.println(summary);
	}

}
