# Read by the programs in bin/. Plain POSIX sh.

# True if the given java command is of feature version 25. Its JDK's release file says so at no cost; where there is
# none (a version manager's shim), the command itself is asked.
is_java_25() {
    [ -f "$1" ] && [ -x "$1" ] || return 1
    release=$(dirname -- "$(dirname -- "$(readlink -f -- "$1")")")/release
    if [ -r "$release" ]; then
        while IFS= read -r line; do
            case $line in
                'JAVA_VERSION="25"'* | 'JAVA_VERSION="25.'* | 'JAVA_VERSION="25-'* | 'JAVA_VERSION="25+'*) return 0 ;;
            esac
        done <"$release"
        return 1
    fi
    case $("$1" -XshowSettings:properties -version 2>&1) in
        *'java.specification.version = 25'*) return 0 ;;
        *) return 1 ;;
    esac
}

# Sets java to the java command of a JDK 25: JAVA_HOME's, else the PATH's, else one from the usual folders.
find_java() {
    for java in \
        ${JAVA_HOME:+"$JAVA_HOME/bin/java"} \
        "$(command -v java || :)" \
        /usr/lib/jvm/*/bin/java \
        /usr/lib64/jvm/*/bin/java \
        /usr/java/*/bin/java \
        ${HOME:+"$HOME"/.sdkman/candidates/java/*/bin/java} \
        ${HOME:+"$HOME"/.jdks/*/bin/java} \
        ${HOME:+"$HOME"/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java} \
        /Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java \
        /opt/*/bin/java \
        /opt/java/*/bin/java; do
        if is_java_25 "$java"; then
            return 0
        fi
    done
    echo "Drawbridge runs on JDK 25, and none was found: install one (for example Eclipse Temurin 25) or set JAVA_HOME to it." >&2
    exit 1
}
