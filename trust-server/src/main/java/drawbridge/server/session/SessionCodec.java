package drawbridge.server.session;

import drawbridge.model.IpAddress;
import drawbridge.model.SessionRef;
import drawbridge.model.UserId;
import drawbridge.model.ValidationMode;
import drawbridge.server.storage.Times;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Sessions as bytes, for copies outside of this process. The first byte is the version of the form;
 * bytes of another version, as another release writes them, are no session. Times are cut to
 * microseconds, as the database holds them. Immutable; safe for many threads.
 */
public final class SessionCodec {
    /** To be raised with every change of what is written. */
    private static final int VERSION = 1;

    private static final int ABSENT = -1;
    private static final int LONGEST_TEXT = 1 << 20;

    private SessionCodec() {}

    /**
     * The session as bytes, without its key.
     *
     * @throws IllegalArgumentException when it is ended or was found by a replaced id: such a one
     *     is not to be copied
     */
    public static byte[] encode(Session session) {
        // Taken apart by pattern, so that a new part cannot be forgotten here.
        if (!(session
                instanceof
                Session(
                        var _,
                        SessionRef ref,
                        UserFacts user,
                        long openedNumber,
                        Signals recorded,
                        boolean fullyLoggedIn,
                        Instant createdAt,
                        Instant absoluteEnd,
                        Duration idle,
                        Instant lastSeenAt,
                        ValidationMode strictest,
                        var ended,
                        Renewal(Duration lifetime, Instant until, var replaced)))) {
            throw new IllegalArgumentException("no session");
        }
        if (ended != null || replaced != null) {
            throw new IllegalArgumentException("ended or replaced");
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(VERSION);
            text(out, ref.value());
            user(out, user);
            out.writeLong(openedNumber);
            signals(out, recorded);
            out.writeBoolean(fullyLoggedIn);
            out.writeLong(Times.micros(createdAt));
            out.writeLong(Times.micros(absoluteEnd));
            out.writeLong(micros(idle));
            out.writeLong(Times.micros(lastSeenAt));
            text(out, strictest == null ? null : strictest.name());
            out.writeLong(micros(lifetime));
            out.writeLong(Times.micros(until));
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return bytes.toByteArray();
    }

    private static void user(DataOutputStream out, UserFacts facts) throws IOException {
        if (facts
                instanceof
                UserFacts(
                        UserId id,
                        String email,
                        String name,
                        String lastName,
                        String userType,
                        String lang,
                        boolean verified,
                        Instant createdAt,
                        Instant updatedAt,
                        UserProfile(
                                String userName,
                                String phone,
                                String picture,
                                String dob,
                                String gender,
                                String referenceId,
                                String recoveryEmail,
                                String timeZone,
                                String metadata))) {
            text(out, id.value());
            text(out, email);
            text(out, name);
            text(out, lastName);
            text(out, userType);
            text(out, lang);
            out.writeBoolean(verified);
            out.writeLong(Times.micros(createdAt));
            out.writeLong(Times.micros(updatedAt));
            text(out, userName);
            text(out, phone);
            text(out, picture);
            text(out, dob);
            text(out, gender);
            text(out, referenceId);
            text(out, recoveryEmail);
            text(out, timeZone);
            text(out, metadata);
        }
    }

    private static void signals(DataOutputStream out, Signals signals) throws IOException {
        if (signals instanceof Signals(IpAddress ip, DeviceHash device, String agent, var cookie)) {
            bytes(out, ip == null ? null : ip.bytes());
            bytes(out, device == null ? null : device.bytes());
            text(out, agent);
            bytes(out, cookie == null ? null : cookie.bytes());
        }
    }

    /**
     * The session that was encoded.
     *
     * @param key what it is found by
     * @return empty when the bytes are of another version, or are no session
     */
    public static Optional<Session> decode(SessionKey key, byte[] content) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            if (in.readByte() != VERSION) {
                return Optional.empty();
            }
            SessionRef ref = new SessionRef(need(in));
            UserFacts user = user(in);
            long openedNumber = in.readLong();
            Signals recorded = signals(in);
            boolean fullyLoggedIn = in.readBoolean();
            Instant createdAt = Times.instant(in.readLong());
            Instant absoluteEnd = Times.instant(in.readLong());
            Duration idle = Duration.of(in.readLong(), ChronoUnit.MICROS);
            Instant lastSeenAt = Times.instant(in.readLong());
            String strictest = text(in);
            Renewal renewal =
                    new Renewal(
                            Duration.of(in.readLong(), ChronoUnit.MICROS),
                            Times.instant(in.readLong()),
                            null);
            if (in.read() >= 0) {
                return Optional.empty();
            }
            return Optional.of(
                    new Session(
                            key,
                            ref,
                            user,
                            openedNumber,
                            recorded,
                            fullyLoggedIn,
                            createdAt,
                            absoluteEnd,
                            idle,
                            lastSeenAt,
                            strictest == null ? null : ValidationMode.valueOf(strictest),
                            null,
                            renewal));
        } catch (IOException | IllegalArgumentException e) {
            return Optional.empty(); // shorter than its form, or not in it
        }
    }

    private static UserFacts user(DataInputStream in) throws IOException {
        return new UserFacts(
                new UserId(need(in)),
                need(in),
                need(in),
                need(in),
                need(in),
                need(in),
                in.readBoolean(),
                Times.instant(in.readLong()),
                Times.instant(in.readLong()),
                new UserProfile(
                        text(in), text(in), text(in), text(in), text(in), text(in), text(in),
                        text(in), need(in)));
    }

    private static Signals signals(DataInputStream in) throws IOException {
        byte[] ip = bytes(in);
        byte[] device = bytes(in);
        String agent = text(in);
        byte[] cookie = bytes(in);
        return new Signals(
                ip == null ? null : IpAddress.ofBytes(ip),
                device == null ? null : new DeviceHash(device),
                agent,
                cookie == null ? null : new DeviceHash(cookie));
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }

    private static void text(DataOutputStream out, @Nullable String text) throws IOException {
        bytes(out, text == null ? null : text.getBytes(StandardCharsets.UTF_8));
    }

    private static void bytes(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
        if (bytes == null) {
            out.writeInt(ABSENT);
        } else {
            out.writeInt(bytes.length);
            out.write(bytes);
        }
    }

    private static String need(DataInputStream in) throws IOException {
        String text = text(in);
        if (text == null) {
            throw new IOException("a part is missing");
        }
        return text;
    }

    private static @Nullable String text(DataInputStream in) throws IOException {
        byte[] bytes = bytes(in);
        return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte @Nullable [] bytes(DataInputStream in) throws IOException {
        int size = in.readInt();
        if (size == ABSENT) {
            return null;
        }
        if (size < 0 || size > LONGEST_TEXT) {
            throw new IOException("no size: " + size);
        }
        byte[] bytes = new byte[size];
        in.readFully(bytes);
        return bytes;
    }
}
