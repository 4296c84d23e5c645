@echo off
rem Called by the programs in bin\. Sets JAVA_25 to the java command of a JDK 25: JAVA_HOME's, else the PATH's, else one
rem from the usual folders.
set "JAVA_25="
if defined JAVA_HOME call :try "%JAVA_HOME%"
for /f "delims=" %%J in ('where java 2^>nul') do call :try "%%~dpJ.."
for %%R in (
    "%ProgramFiles%\Eclipse Adoptium"
    "%ProgramFiles%\Java"
    "%ProgramFiles%\Microsoft"
    "%ProgramFiles%\Amazon Corretto"
    "%ProgramFiles%\BellSoft"
    "%ProgramFiles%\Zulu"
    "%USERPROFILE%\.jdks"
) do for /d %%D in ("%%~R\*") do call :try "%%~D"
if defined JAVA_25 exit /b 0
>&2 echo Drawbridge runs on JDK 25, and none was found: install one (for example Eclipse Temurin 25) or set JAVA_HOME to it.
exit /b 1

:try
if defined JAVA_25 exit /b 0
if not exist "%~1\bin\java.exe" exit /b 0
findstr /b /c:"JAVA_VERSION=\"25\"" /c:"JAVA_VERSION=\"25." "%~1\release" >nul 2>&1 && set "JAVA_25=%~1\bin\java.exe"
exit /b 0
