package drawbridge.console.screen.sessions;

import drawbridge.console.client.RevocationCalls.Which;
import drawbridge.console.model.SessionEntry;
import drawbridge.console.ui.Words;
import drawbridge.model.IpAddress;
import drawbridge.model.SessionState;
import drawbridge.model.view.SessionRow;

import javafx.scene.Node;
import javafx.scene.control.ContextMenu;
import javafx.scene.control.MenuItem;
import javafx.scene.control.SeparatorMenuItem;

import org.jspecify.annotations.Nullable;
import org.kordamp.ikonli.javafx.FontIcon;

import tools.jackson.databind.json.JsonMapper;

import java.util.Optional;

/** What can be done with the row under the pointer, or the selected one: the table's menu. */
final class RowMenu {
    private final SessionsViewModel sessions;
    private final Words words;
    private final Does does;
    private final JsonMapper json = JsonMapper.builder().build();

    /** What the menu asks the screen to do. */
    interface Does {
        /** The present time decides what can be done. */
        SessionState stateOf(SessionEntry entry);

        /** Asks before all of them are revoked. */
        void confirm(Which which);

        /** Where the admin API is; empty while that is not known. */
        Optional<String> adminUrl();

        /** Puts a text into the clipboard. */
        void copy(String text);
    }

    RowMenu(SessionsViewModel sessions, Words words, Does does) {
        this.sessions = sessions;
        this.words = words;
        this.does = does;
    }

    /** Fills the menu for that row. */
    void fill(ContextMenu menu, SessionEntry entry) {
        SessionRow row = entry.row();
        menu.getItems().clear();
        SessionState state = does.stateOf(entry);
        if (state == SessionState.LIVE) {
            add(menu, "fth-slash", words.get("sessions.menu.revoke"), () -> sessions.revoke(entry));
        } else if (state == SessionState.HELD) {
            add(
                    menu,
                    "fth-rotate-ccw",
                    words.get("sessions.menu.undo"),
                    () -> sessions.undo(entry));
        }
        all(menu, "fth-user-x", "sessions.menu.ofUser", row.email(), "user:" + row.userId());
        all(
                menu,
                "fth-smartphone",
                "sessions.menu.ofDevice",
                row.device(),
                with("device", row.device()));
        all(menu, "fth-map-pin", "sessions.menu.ofIp", row.ip(), with("ip", row.ip()));
        String subnet = row.ip() == null ? null : subnet(row.ip());
        all(menu, "fth-globe", "sessions.menu.ofSubnet", subnet, with("ip", subnet));
        menu.getItems().add(new SeparatorMenuItem());
        show(menu, "sessions.menu.showUser", row.email(), "user:" + row.userId());
        show(menu, "sessions.menu.showIp", row.ip(), with("ip", row.ip()));
        menu.getItems().add(new SeparatorMenuItem());
        add(
                menu,
                "fth-copy",
                words.get("sessions.menu.json"),
                () -> does.copy(json.writeValueAsString(row)));
        does.adminUrl()
                .ifPresent(url -> {
                    String path = "/v1/sessions/" + row.ref();
                    add(
                            menu,
                            "fth-terminal",
                            words.get("sessions.menu.curl"),
                            () -> does.copy(Curl.get(url, path)));
                    add(
                            menu,
                            "fth-terminal",
                            words.get("sessions.menu.curlRevoke"),
                            () ->
                                    does.copy(
                                            Curl.post(
                                                    url,
                                                    path + "/revoke",
                                                    "{\"reason\":%s}"
                                                            .formatted(
                                                                    json.writeValueAsString(
                                                                            words.get(
                                                                                    "sessions.reason.console"))))));
                });
    }

    private static @Nullable String with(String key, @Nullable String value) {
        return value == null ? null : key + ":" + value;
    }

    private void all(
            ContextMenu menu,
            String icon,
            String key,
            @Nullable String of,
            @Nullable String filter) {
        if (of != null && filter != null) {
            MenuItem item =
                    add(
                            menu,
                            icon,
                            words.get(key, of),
                            () -> {
                                sessions.find(filter);
                                does.confirm(new Which.Matching(filter));
                            });
            item.setDisable(!sessions.canAct());
        }
    }

    private void show(ContextMenu menu, String key, @Nullable String of, @Nullable String filter) {
        if (of != null && filter != null) {
            add(menu, "fth-filter", words.get(key, of), () -> sessions.find(filter));
        }
    }

    private static MenuItem add(ContextMenu menu, String icon, String text, Runnable run) {
        Node graphic = new FontIcon(icon);
        MenuItem item = new MenuItem(text, graphic);
        item.setMnemonicParsing(false);
        item.setOnAction(_ -> run.run());
        menu.getItems().add(item);
        return item;
    }

    /** The network around an address that one place usually has: /24, or /64. */
    static @Nullable String subnet(String ip) {
        Optional<IpAddress> address = IpAddress.parse(ip);
        if (address.isEmpty()) {
            return null;
        }
        byte[] bytes = address.get().bytes();
        int kept = bytes.length == 4 ? 3 : 8;
        StringBuilder text = new StringBuilder();
        if (bytes.length == 4) {
            for (int i = 0; i < kept; i++) {
                text.append(bytes[i] & 0xff).append('.');
            }
            return text.append("0/24").toString();
        }
        for (int i = 0; i < kept; i += 2) {
            text.append(Integer.toHexString(((bytes[i] & 0xff) << 8) | (bytes[i + 1] & 0xff)))
                    .append(':');
        }
        return text.append(":/64").toString();
    }
}
