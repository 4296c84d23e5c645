package drawbridge.console.screen.remote;

import drawbridge.console.client.AdminToken;
import drawbridge.console.client.ServerTrust;
import drawbridge.console.remote.ProfileColour;
import drawbridge.console.remote.RemoteServer;
import drawbridge.console.remote.SealedToken;
import drawbridge.console.remote.SeenCertificate;
import drawbridge.console.remote.TokenSeal;
import drawbridge.console.screen.Asked;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Words;
import drawbridge.model.tls.CertificatePin;

import javafx.beans.property.ReadOnlyStringProperty;
import javafx.beans.property.ReadOnlyStringWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** The profiles of servers elsewhere: made, opened, changed and forgotten. On the FX thread. */
public final class ConnectionsViewModel {
    private static final int LONGEST_NAME = 60;

    private final Servers servers;
    private final TokenSeal seal = new TokenSeal();
    private final SecureRandom random = new SecureRandom();
    private final Background background;
    private final Clock clock;
    private final Words words;
    private final ObservableList<RemoteServer> known = FXCollections.observableArrayList();
    private final ObservableList<RemoteServer> knownReadOnly =
            FXCollections.unmodifiableObservableList(known);
    private final ReadOnlyStringWrapper problem = new ReadOnlyStringWrapper(this, "problem", "");

    /**
     * What a person filled in.
     *
     * @param token empty to keep the one there is
     * @param passphrase the new one; empty to keep the one there is
     * @param repeated the same again
     * @param present the passphrase there is, for what only its holder may change
     */
    record Wish(
            String name,
            String url,
            String token,
            String passphrase,
            String repeated,
            String present,
            ProfileColour colour,
            boolean isProtected) {
        /** Never prints what is secret. */
        @Override
        public String toString() {
            return "Wish[" + name + "]";
        }
    }

    /** What became of something that brings something. */
    sealed interface Brought<T> {
        record Here<T>(T value) implements Brought<T> {}

        record Not<T>(String why) implements Brought<T> {}
    }

    /** The profiles behind {@code servers}. */
    public ConnectionsViewModel(Servers servers, Background background, Clock clock, Words words) {
        this.servers = servers;
        this.background = background;
        this.clock = clock;
        this.words = words;
    }

    /** The profiles as they were last read. */
    ObservableList<RemoteServer> known() {
        return knownReadOnly;
    }

    /** Why they cannot be read; empty when they can. */
    ReadOnlyStringProperty problemProperty() {
        return problem.getReadOnlyProperty();
    }

    /** Reads them again. */
    void refresh() {
        refresh(() -> {});
    }

    /** Reads them again, then does that. */
    void refresh(Runnable then) {
        background
                .run(() -> tried(servers::all))
                .onDone(read -> {
                    switch (read) {
                        case Brought.Here<List<RemoteServer>>(List<RemoteServer> all) -> {
                            problem.set("");
                            known.setAll(all);
                        }
                        case Brought.Not<List<RemoteServer>>(String why) -> problem.set(why);
                    }
                    then.run();
                });
    }

    private interface Trying<T> {
        T call() throws IOException;
    }

    private static <T> Brought<T> tried(Trying<T> trying) {
        try {
            return new Brought.Here<>(trying.call());
        } catch (IOException e) {
            String why = e.getMessage();
            return new Brought.Not<>(why == null ? e.getClass().getSimpleName() : why);
        }
    }

    /** Whether it has a window. */
    boolean isOpen(RemoteServer server) {
        return servers.isOpen(server);
    }

    /** Brings its window to the front. */
    void raise(RemoteServer server) {
        servers.raise(server);
    }

    /** The window of this machine's own server. */
    void openOwn() {
        servers.openOwn();
    }

    /** Whether it is within its dates now. */
    boolean isValid(SeenCertificate certificate) {
        return certificate.isValidAt(clock.instant());
    }

    // ---- what is filled in ----

    /** The address somebody typed; empty when it is none that the token may be sent to. */
    static Optional<URI> address(String typed) {
        String text = typed.strip();
        try {
            URI url = new URI(text.contains("://") ? text : "https://" + text);
            boolean isPlain =
                    url.getHost() != null
                            && url.getRawUserInfo() == null
                            && url.getRawQuery() == null
                            && url.getRawFragment() == null
                            && (url.getRawPath().isEmpty() || url.getRawPath().equals("/"));
            boolean isSafe =
                    "https".equals(url.getScheme())
                            || ("http".equals(url.getScheme()) && ServerTrust.isLoopback(url));
            return isPlain && isSafe
                    ? Optional.of(
                            URI.create(
                                    url.getScheme()
                                            + "://"
                                            + url.getRawAuthority().toLowerCase(Locale.ROOT)))
                    : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    /** What is at fault in a new profile, the first of it; empty when nothing is. */
    Optional<Asked.Badly> faultOfNew(Wish wish) {
        return faultOfName(wish, "")
                .or(() ->
                        address(wish.url()).isPresent()
                                ? Optional.empty()
                                : bad("url", words.get("remote.form.badUrl")))
                .or(() ->
                        isToken(wish.token())
                                ? Optional.empty()
                                : bad("token", words.get("remote.form.badToken")))
                .or(() -> faultOfPassphrase(wish));
    }

    private Optional<Asked.Badly> faultOfName(Wish wish, String ownId) {
        String name = wish.name().strip();
        if (name.isEmpty() || name.length() > LONGEST_NAME) {
            return bad("name", words.get("remote.form.badName", LONGEST_NAME));
        }
        return known.stream()
                        .anyMatch(other ->
                                other.name().equalsIgnoreCase(name) && !other.id().equals(ownId))
                ? bad("name", words.get("remote.form.nameTaken"))
                : Optional.empty();
    }

    private Optional<Asked.Badly> faultOfPassphrase(Wish wish) {
        if (wish.passphrase().codePointCount(0, wish.passphrase().length())
                < TokenSeal.LEAST_PASSPHRASE) {
            return bad(
                    "passphrase",
                    words.get("remote.form.shortPassphrase", TokenSeal.LEAST_PASSPHRASE));
        }
        return wish.passphrase().equals(wish.repeated())
                ? Optional.empty()
                : bad("repeated", words.get("remote.form.notRepeated"));
    }

    private static Optional<Asked.Badly> bad(String field, String why) {
        return Optional.of(new Asked.Badly(field, why));
    }

    private static boolean isToken(String text) {
        try (AdminToken _ = token(text)) {
            return true;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static AdminToken token(String text) {
        byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
        try {
            return AdminToken.of(bytes);
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    // ---- what is done ----

    /** Asks the server of that address for its certificate. */
    void look(URI url, Consumer<Brought<SeenCertificate>> ended) {
        background.run(() -> tried(() -> servers.look(url))).onDone(ended);
    }

    /**
     * Makes a profile and opens its window.
     *
     * @param pin the certificate a person agreed to; empty for one without TLS
     */
    void add(Wish wish, Optional<CertificatePin> pin, Consumer<Asked> ended) {
        URI url = address(wish.url()).orElseThrow();
        byte[] drawn = new byte[8];
        random.nextBytes(drawn);
        String id = HexFormat.of().formatHex(drawn);
        background
                .run(() ->
                        tried(() -> {
                            AdminToken token = token(wish.token());
                            RemoteServer made =
                                    new RemoteServer(
                                            id,
                                            wish.name().strip(),
                                            url,
                                            wish.colour(),
                                            wish.isProtected(),
                                            pin,
                                            seal(
                                                    token,
                                                    wish.passphrase(),
                                                    RemoteServer.bound(
                                                            id, url, wish.isProtected(), pin)));
                            servers.put(made);
                            return new Opening(made, token);
                        }))
                .onDone(brought -> opened(brought, ended));
    }

    private record Opening(RemoteServer server, AdminToken token) {}

    private void opened(Brought<Opening> brought, Consumer<Asked> ended) {
        switch (brought) {
            case Brought.Here<Opening>(Opening(RemoteServer server, AdminToken token)) -> {
                refresh();
                ended.accept(new Asked.Well());
                servers.open(server, token);
            }
            case Brought.Not<Opening>(String why) -> ended.accept(new Asked.Badly("", why));
        }
    }

    private SealedToken seal(AdminToken token, String passphrase, String bound) {
        char[] chars = passphrase.toCharArray();
        try {
            return seal.seal(token, chars, bound);
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    private Brought<AdminToken> open(RemoteServer server, String passphrase) {
        char[] chars = passphrase.toCharArray();
        try {
            return switch (seal.open(server.token(), chars, server.bound())) {
                case TokenSeal.Opened.Token(AdminToken token) -> new Brought.Here<>(token);
                case TokenSeal.Opened.WrongPassphrase() ->
                        new Brought.Not<>(words.get("remote.wrongPassphrase"));
                case TokenSeal.Opened.Unusable(String why) ->
                        new Brought.Not<>(words.get("remote.unusable", why));
            };
        } finally {
            Arrays.fill(chars, '\0');
        }
    }

    /** Opens its token with that passphrase, and a window with that. */
    void connect(RemoteServer server, String passphrase, Consumer<Asked> ended) {
        background
                .run(() -> open(server, passphrase))
                .onDone(brought -> {
                    switch (brought) {
                        case Brought.Here<AdminToken>(AdminToken token) -> {
                            ended.accept(new Asked.Well());
                            servers.open(server, token);
                        }
                        case Brought.Not<AdminToken>(String why) ->
                                ended.accept(new Asked.Badly("passphrase", why));
                    }
                });
    }

    /** Whether that is its passphrase. */
    void prove(RemoteServer server, String passphrase, Consumer<Asked> ended) {
        background
                .run(() -> open(server, passphrase))
                .onDone(brought -> {
                    switch (brought) {
                        case Brought.Here<AdminToken>(AdminToken token) -> {
                            token.close();
                            ended.accept(new Asked.Well());
                        }
                        case Brought.Not<AdminToken>(String why) ->
                                ended.accept(new Asked.Badly("passphrase", why));
                    }
                });
    }

    /** Takes another certificate for the server's from now on, and opens its window anew. */
    void accept(RemoteServer server, CertificatePin pin, String passphrase, Consumer<Asked> ended) {
        reseal(
                server,
                copy(
                        server,
                        server.name(),
                        server.colour(),
                        server.isProtected(),
                        Optional.of(pin)),
                new Keys(passphrase, passphrase, ""),
                servers::open,
                ended);
    }

    /** Changes what a person may change of a profile. */
    void change(RemoteServer server, Wish wish, Consumer<Asked> ended) {
        Optional<Asked.Badly> fault = faultOfName(wish, server.id());
        boolean needsKey =
                !wish.passphrase().isEmpty()
                        || !wish.token().isBlank()
                        || wish.isProtected() != server.isProtected();
        if (fault.isEmpty() && !wish.passphrase().isEmpty()) {
            fault = faultOfPassphrase(wish);
        }
        if (fault.isEmpty() && !wish.token().isBlank() && !isToken(wish.token())) {
            fault = bad("token", words.get("remote.form.badToken"));
        }
        if (fault.isEmpty() && needsKey && wish.present().isEmpty()) {
            fault = bad("present", words.get("remote.form.needsPresent"));
        }
        if (fault.isPresent()) {
            ended.accept(fault.get());
        } else if (needsKey) {
            reseal(
                    server,
                    copy(
                            server,
                            wish.name().strip(),
                            wish.colour(),
                            wish.isProtected(),
                            server.pin()),
                    new Keys(
                            wish.present(),
                            wish.passphrase().isEmpty() ? wish.present() : wish.passphrase(),
                            wish.token()),
                    (_, token) -> token.close(),
                    ended);
        } else {
            RemoteServer after =
                    copy(
                            server,
                            wish.name().strip(),
                            wish.colour(),
                            server.isProtected(),
                            server.pin());
            background
                    .run(() ->
                            tried(() -> {
                                servers.put(after);
                                return after;
                            }))
                    .onDone(brought -> kept(brought, ended));
        }
    }

    private static RemoteServer copy(
            RemoteServer of,
            String name,
            ProfileColour colour,
            boolean isProtected,
            Optional<CertificatePin> pin) {
        return new RemoteServer(of.id(), name, of.adminUrl(), colour, isProtected, pin, of.token());
    }

    /**
     * What opens a token and what it is sealed with afterwards.
     *
     * @param token another one; blank for the same
     */
    private record Keys(String present, String next, String token) {
        @Override
        public String toString() {
            return "Keys[redacted]";
        }
    }

    /** Opens the token and seals it again, for a profile that has changed. */
    private void reseal(
            RemoteServer before,
            RemoteServer after,
            Keys keys,
            BiConsumer<RemoteServer, AdminToken> then,
            Consumer<Asked> ended) {
        background
                .run(() ->
                        switch (open(before, keys.present())) {
                            case Brought.Here<AdminToken>(AdminToken old) ->
                                    tried(() -> resealed(after, old, keys));
                            case Brought.Not<AdminToken>(String why) ->
                                    new Brought.Not<Opening>(why);
                        })
                .onDone(brought -> {
                    switch (brought) {
                        case Brought.Here<Opening>(
                                        Opening(RemoteServer kept, AdminToken token)) -> {
                            refresh();
                            ended.accept(new Asked.Well());
                            then.accept(kept, token);
                        }
                        case Brought.Not<Opening>(String why) ->
                                ended.accept(new Asked.Badly("present", why));
                    }
                });
    }

    private Opening resealed(RemoteServer after, AdminToken old, Keys keys) throws IOException {
        AdminToken token = old;
        if (!keys.token().isBlank()) {
            old.close();
            token = token(keys.token());
        }
        RemoteServer kept =
                new RemoteServer(
                        after.id(),
                        after.name(),
                        after.adminUrl(),
                        after.colour(),
                        after.isProtected(),
                        after.pin(),
                        seal(token, keys.next(), after.bound()));
        servers.put(kept);
        return new Opening(kept, token);
    }

    private void kept(Brought<RemoteServer> brought, Consumer<Asked> ended) {
        switch (brought) {
            case Brought.Here<RemoteServer> _ -> {
                refresh();
                ended.accept(new Asked.Well());
            }
            case Brought.Not<RemoteServer>(String why) -> ended.accept(new Asked.Badly("", why));
        }
    }

    /** Forgets a profile. */
    void forget(RemoteServer server, Consumer<Asked> ended) {
        background
                .run(() ->
                        tried(() -> {
                            servers.forget(server);
                            return server;
                        }))
                .onDone(brought -> kept(brought, ended));
    }
}
