# Sourced by ./demo and ./benchmark, in the project's directory: builds what they run, and runs it.

java=${JAVA_HOME:+$JAVA_HOME/bin/}java
command -v "$java" >/dev/null 2>&1 || {
    echo "No Java found: install a JDK, 17 or later, or set JAVA_HOME" >&2
    exit 2
}

echo "Building" >&2
build_log=$(mktemp)
trap 'rm -f "$build_log"' EXIT
./mvnw -B -ntp package -DskipTests -Dstyle.skip -pl sample-app,benchmarks -am >"$build_log" 2>&1 || {
    grep -v "INFO" "$build_log" >&2
    exit 2
}
rm -f "$build_log"
trap - EXIT

run() {
    main=io.github.gracefulrestart.benchmarks.$1
    shift
    exec "$java" -cp 'benchmarks/target/classes:test-support/target/classes:benchmarks/target/lib/*' "$main" "$@"
}
