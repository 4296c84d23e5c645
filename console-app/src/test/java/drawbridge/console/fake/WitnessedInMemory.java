package drawbridge.console.fake;

import drawbridge.console.witness.Witness;
import drawbridge.console.witness.WitnessStore;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Keeps lines for as long as the test runs. Safe for many threads. */
public final class WitnessedInMemory implements WitnessStore {
    private final List<String> kept = new ArrayList<>();
    private final List<List<String>> aside = new ArrayList<>();

    /** A witness that has seen nothing. */
    public static Witness fresh() {
        try {
            return new Witness(new WitnessedInMemory());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized List<String> lines() {
        return List.copyOf(kept);
    }

    @Override
    public synchronized void append(String line) {
        kept.add(line);
    }

    @Override
    public synchronized void replace(List<String> lines) {
        kept.clear();
        kept.addAll(lines);
    }

    @Override
    public synchronized void putAside() {
        aside.add(List.copyOf(kept));
        kept.clear();
    }

    /** What was put aside, in that order. */
    public synchronized List<List<String>> aside() {
        return List.copyOf(aside);
    }
}
