@echo off
rem The console: a window that starts, watches and stops the trust server.
setlocal
for %%I in ("%~dp0..") do set "DRAWBRIDGE_HOME=%%~fI"
call "%DRAWBRIDGE_HOME%\lib\launch.cmd" || exit /b 1
"%JAVA_25%" --module-path "%DRAWBRIDGE_HOME%\lib\javafx" --add-modules javafx.controls,javafx.fxml @console.jvm@ ^
    "-Ddrawbridge.server.command=%DRAWBRIDGE_HOME%\bin\drawbridge-server.cmd" %DRAWBRIDGE_JAVA_OPTS% ^
    -cp "%DRAWBRIDGE_HOME%\lib\console-app-@project.version@.jar" drawbridge.console.ConsoleMain %*
exit /b %ERRORLEVEL%
