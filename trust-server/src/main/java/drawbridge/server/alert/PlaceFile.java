package drawbridge.server.alert;

import com.maxmind.db.CHMCache;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.Reader;

import drawbridge.model.IpAddress;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * Places from a file in MaxMind's format, such as GeoLite2 City, which an administrator supplies
 * and may replace while the server runs. With a file of countries only, there are no distances. One
 * thread.
 */
public final class PlaceFile implements Places, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PlaceFile.class);
    private static final Duration LOOKED_EVERY = Duration.ofSeconds(10);

    private final Optional<Path> file;
    private @Nullable Reader reader;
    private @Nullable FileTime readAs;
    private long lookedAt;
    private boolean hasLooked;
    private String why = "no data: geo.database names no file";

    /**
     * @param file empty when there is none
     */
    public PlaceFile(Optional<Path> file) {
        this.file = file;
    }

    @Override
    public Optional<String> whyNot() {
        file.ifPresent(this::look);
        return reader == null ? Optional.of(why) : Optional.empty();
    }

    private void look(Path at) {
        long now = System.nanoTime();
        if (hasLooked && now - lookedAt < LOOKED_EVERY.toNanos()) {
            return;
        }
        lookedAt = now;
        hasLooked = true;
        try {
            FileTime changed = Files.getLastModifiedTime(at);
            if (changed.equals(readAs)) {
                return;
            }
            readAs = changed;
            // Into memory: a mapped file that is overwritten would take the server with it.
            Reader fresh;
            try (var in = Files.newInputStream(at)) {
                fresh = new Reader(in, new CHMCache());
            }
            close();
            reader = fresh;
            LOG.info(
                    "places read type={} built={}",
                    fresh.getMetadata().databaseType(),
                    fresh.getMetadata().buildTime());
        } catch (InvalidDatabaseException e) {
            missing("no data: geo.database names a file that is no MaxMind database", e);
        } catch (IOException e) {
            readAs = null;
            missing("no data: the file that geo.database names cannot be read", e);
        }
    }

    private void missing(String words, IOException e) {
        if (reader == null && !why.equals(words)) {
            LOG.warn("{} why={}", words, e.getMessage());
        }
        why = words; // what was read before still counts
    }

    @Override
    public Optional<Place> find(IpAddress address) {
        Reader from = reader;
        if (from == null) {
            return Optional.empty();
        }
        try {
            Map<?, ?> found = from.get(InetAddress.getByAddress(address.bytes()), Map.class);
            return found == null ? Optional.empty() : place(found);
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("a place could not be read why={}", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Place> place(Map<?, ?> found) {
        if (!(found.get("country") instanceof Map<?, ?> country)
                || !(country.get("iso_code") instanceof String code)) {
            return Optional.empty();
        }
        String name =
                country.get("names") instanceof Map<?, ?> names
                                && names.get("en") instanceof String english
                        ? english
                        : code;
        if (found.get("location") instanceof Map<?, ?> at
                && at.get("latitude") instanceof Number latitude
                && at.get("longitude") instanceof Number longitude) {
            double accuracy =
                    at.get("accuracy_radius") instanceof Number radius ? radius.doubleValue() : 100;
            return Optional.of(
                    new Place(
                            code,
                            name,
                            true,
                            latitude.doubleValue(),
                            longitude.doubleValue(),
                            accuracy));
        }
        return Optional.of(new Place(code, name, false, 0, 0, 0));
    }

    @Override
    public void close() {
        Reader old = reader;
        reader = null;
        if (old != null) {
            try {
                old.close();
            } catch (IOException e) {
                LOG.debug("closing the places", e);
            }
        }
    }
}
