/**
 * Measures how smooth the console stays under load: {@code mvn -Pbench -DskipTests -pl console-app
 * -am integration-test}. Not part of verify, since it judges the machine as well.
 */
@NullMarked
package drawbridge.console.bench;

import org.jspecify.annotations.NullMarked;
