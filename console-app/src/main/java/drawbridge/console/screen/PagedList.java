package drawbridge.console.screen;

import drawbridge.console.client.Reply;
import drawbridge.console.client.TrustClient;
import drawbridge.console.model.ConsoleModel;
import drawbridge.console.ui.Background;
import drawbridge.console.ui.Words;
import drawbridge.model.view.Page;

import javafx.beans.property.ReadOnlyObjectProperty;
import javafx.beans.property.ReadOnlyObjectWrapper;
import javafx.collections.FXCollections;
import javafx.collections.ObservableList;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * A list that the server finds and gives in pages. While it is shown it is read again every few
 * seconds; rows that did not change stay what they are. Used on the FX thread.
 *
 * @param <T> a row
 */
public final class PagedList<T> {
    private static final int PAGE = 200;

    /** So many are read again at once; longer lists stand still until somebody asks. */
    private static final int MOST_REREAD = 1_000;

    private static final int REREAD_SECONDS = 5;

    /**
     * What the server is asked.
     *
     * @param <T> a row
     */
    @FunctionalInterface
    public interface Question<T> {
        /** Reads a page, off the FX thread. */
        Reply<Page<T>> read(TrustClient client, int limit, @Nullable String after);
    }

    /**
     * The list as far as it was read.
     *
     * @param total how many rows match
     * @param more whether further ones can be read
     * @param reading whether an answer is awaited
     * @param isRead whether there ever was an answer
     * @param problem why the last reading failed; empty when it did not
     */
    public record Listing(
            long total, boolean more, boolean reading, boolean isRead, String problem) {}

    private final ConsoleModel model;
    private final Background background;
    private final Words words;
    private final ReplyWords replies;
    private final ObservableList<T> rows = FXCollections.observableArrayList();
    private final ObservableList<T> shownRows = FXCollections.unmodifiableObservableList(rows);
    private final ReadOnlyObjectWrapper<Listing> listing =
            new ReadOnlyObjectWrapper<>(this, "listing", new Listing(0, false, false, false, ""));

    private Question<T> question;
    private boolean shown;
    private boolean stale = true;
    private long asked;
    private @Nullable String next;

    /** A list that is empty until it is shown. */
    public PagedList(ConsoleModel model, Background background, Words words, Question<T> question) {
        this.model = model;
        this.background = background;
        this.words = words;
        this.replies = new ReplyWords(words);
        this.question = question;
        model.secondsProperty()
                .addListener((property, before, after) -> {
                    if (after.getEpochSecond() % REREAD_SECONDS == 0) {
                        rereadIfShown();
                    }
                });
        model.snapshotProperty()
                .addListener((property, before, after) -> {
                    stale = true;
                    if (shown) {
                        reload();
                    }
                });
    }

    /** The rows that were read. */
    public ObservableList<T> rows() {
        return shownRows;
    }

    /** How far they were read. */
    public ReadOnlyObjectProperty<Listing> listingProperty() {
        return listing.getReadOnlyProperty();
    }

    /** Whether somebody looks. */
    public void setShown(boolean nowShown) {
        shown = nowShown;
        if (shown && stale) {
            reload();
        } else if (shown) {
            reread();
        }
    }

    /** Asks something else. */
    public void ask(Question<T> other) {
        question = other;
        next = null;
        stale = true;
        if (shown) {
            reload();
        }
    }

    /** Reads the first rows again. */
    public void reload() {
        read(null, PAGE, false);
    }

    /** Reads what is shown again, without a sign of it. */
    public void reread() {
        read(null, Math.clamp(rows.size(), PAGE, MOST_REREAD), true);
    }

    private void rereadIfShown() {
        boolean calm = !listing.get().reading() && !model.staleProperty().get();
        if (shown && calm && rows.size() <= MOST_REREAD) {
            reread();
        }
    }

    /** Reads further rows. */
    public void readMore() {
        String after = next;
        if (after != null && !listing.get().reading()) {
            read(after, PAGE, false);
        }
    }

    private void read(@Nullable String after, int limit, boolean quietly) {
        Optional<TrustClient> client = model.client();
        if (client.isEmpty()) {
            return;
        }
        asked++;
        long number = asked;
        Question<T> wanted = question;
        if (!quietly) {
            Listing now = listing.get();
            listing.set(new Listing(now.total(), now.more(), true, now.isRead(), now.problem()));
        }
        background
                .run(() -> wanted.read(client.get(), limit, after))
                .onDone(reply -> {
                    if (asked == number) {
                        took(reply, after != null);
                    }
                })
                .onFailed(_ -> {
                    if (asked == number) {
                        failed(words.get("reply.fault"));
                    }
                });
    }

    private void failed(String why) {
        Listing now = listing.get();
        listing.set(new Listing(now.total(), now.more(), false, now.isRead(), why));
    }

    private void took(Reply<Page<T>> reply, boolean further) {
        if (!(reply instanceof Reply.Done(Page<T> page))) {
            failed(replies.whyUnread(reply));
            return;
        }
        stale = false;
        next = page.next();
        if (further) {
            rows.addAll(page.items());
        } else {
            replace(page.items());
        }
        listing.set(new Listing(page.total(), next != null, false, true, ""));
    }

    /** Touches only what is another, so that what somebody reads stays where it is. */
    private void replace(List<T> fresh) {
        if (rows.size() != fresh.size()) {
            rows.setAll(fresh);
            return;
        }
        for (int i = 0; i < fresh.size(); i++) {
            if (!rows.get(i).equals(fresh.get(i))) {
                rows.set(i, fresh.get(i));
            }
        }
    }
}
