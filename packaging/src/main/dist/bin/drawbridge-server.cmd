@echo off
rem The trust server and its command line. "drawbridge-server --help" lists the commands.
setlocal
for %%I in ("%~dp0..") do set "DRAWBRIDGE_HOME=%%~fI"
call "%DRAWBRIDGE_HOME%\lib\launch.cmd" || exit /b 1
"%JAVA_25%" @server.jvm@ %DRAWBRIDGE_JAVA_OPTS% ^
    -cp "%DRAWBRIDGE_HOME%\lib\trust-server-@project.version@.jar" drawbridge.server.ServerMain %*
exit /b %ERRORLEVEL%
