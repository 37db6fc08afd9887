@echo off
rem Runs the Maven of the PATH. The full wrapper, which pins and downloads, is the POSIX script mvnw: use WSL or Git Bash.
where mvn >nul 2>nul
if errorlevel 1 (
  echo mvnw: no Maven found. Install Maven 3.8 or later, or run mvnw from a POSIX shell 1>&2
  exit /b 1
)
mvn %*
