package drawbridge.server.checklist;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Cuts a text into what could be secrets and asks of each whether it is one. Texts repeat
 * themselves, most of all the versions of one file, so what was no secret lately is not asked
 * again. One thread.
 */
final class TextSearch {
    /** The settings take no shorter secret. */
    private static final int SHORTEST = 12;

    /** Nor does any gate read a longer one. */
    private static final int LONGEST = 512;

    private static final int MOST_RUN = 8_192;
    private static final int MOST_CUTS = 48;
    private static final int REMEMBERED = 1 << 16;
    private static final int LOOKED_AT_FIRST = 8_192;
    private static final long PRIME = 0x100000001b3L;

    /** What stands around a value: {@code X-Bridge-Secret:…}, {@code SECRET=…}, {@code ?id=…&}. */
    private static final String CUTS = "=:&?/@#%+~";

    /** Hears of a secret and the line it stands in, from 1. */
    interface Hits {
        void hit(KnownSecrets.Known known, long line);
    }

    private final Function<String, Optional<KnownSecrets.Known>> secrets;
    private final long[] noSecrets = new long[REMEMBERED];
    private final long seed;

    /**
     * @param seed drawn for this search, so that nobody can write texts that are taken for others
     */
    TextSearch(Function<String, Optional<KnownSecrets.Known>> secrets, long seed) {
        this.secrets = secrets;
        this.seed = seed;
    }

    /**
     * Looks through a text.
     *
     * @param breath asked now and then; what it throws ends the search
     * @return how many bytes it has; -1 when it is no text
     */
    long search(InputStream in, Hits hits, Runnable breath) throws IOException {
        byte[] chunk = new byte[64 * 1024];
        StringBuilder run = new StringBuilder();
        long line = 1;
        long total = 0;
        for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
            breath.run();
            if (total == 0 && holdsZero(chunk, Math.min(read, LOOKED_AT_FIRST))) {
                return -1;
            }
            total += read;
            for (int i = 0; i < read; i++) {
                char c = (char) (chunk[i] & 0xff);
                if (isDelimiter(c)) {
                    look(run, line, hits);
                    if (c == '\n') {
                        line++;
                    }
                } else if (run.length() < MOST_RUN) {
                    run.append(c);
                } else {
                    look(run, line, hits);
                    run.append(c);
                }
            }
        }
        look(run, line, hits);
        return total;
    }

    private static boolean holdsZero(byte[] bytes, int length) {
        for (int i = 0; i < length; i++) {
            if (bytes[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static boolean isDelimiter(char c) {
        return c <= ' ' || "\"'`<>()[]{},;|\\".indexOf(c) >= 0;
    }

    private void look(StringBuilder run, long line, Hits hits) {
        if (run.length() >= SHORTEST) {
            for (String candidate : candidates(run.toString())) {
                ask(candidate, line, hits);
            }
        }
        run.setLength(0);
    }

    /** The run itself, each of its pieces, and what begins with one of them. */
    private static Set<String> candidates(String run) {
        Set<String> all = new LinkedHashSet<>();
        add(all, run);
        int from = 0;
        int cuts = 0;
        for (int i = 0; i < run.length() && cuts < MOST_CUTS; i++) {
            if (CUTS.indexOf(run.charAt(i)) >= 0) {
                cuts++;
                add(all, run.substring(from, i));
                add(all, run.substring(i + 1));
                from = i + 1;
            }
        }
        add(all, run.substring(from));
        return all;
    }

    private static void add(Set<String> to, String text) {
        if (text.length() >= SHORTEST && text.length() <= LONGEST) {
            to.add(text);
            String stripped = text.replaceAll("[.:!?]+$", "");
            if (stripped.length() >= SHORTEST) {
                to.add(stripped);
            }
        }
    }

    private void ask(String candidate, long line, Hits hits) {
        long mark = mark(candidate);
        int place = (int) (mark & (REMEMBERED - 1));
        if (noSecrets[place] == mark) {
            return;
        }
        Optional<KnownSecrets.Known> known = secrets.apply(candidate);
        if (known.isPresent()) {
            hits.hit(known.get(), line);
        } else {
            noSecrets[place] = mark;
        }
    }

    private long mark(String text) {
        long hash = seed;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
            hash ^= hash >>> 29;
        }
        return hash == 0 ? 1 : hash;
    }
}
