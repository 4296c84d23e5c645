package drawbridge.server.policy;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds every pattern that matches a path without asking each: a tree of segments, walked once, so
 * that a thousand rules cost a validation what five do. Immutable; safe for many threads.
 */
final class RouteIndex {
    private static final int[] NONE = {};

    private static final class Node {
        private final Map<String, Node> texts = new HashMap<>();
        private @Nullable Node one;
        private @Nullable Node any;

        /** Which of the nodes behind {@code **} this is; -1 when it is none. */
        private final int number;

        private int[] patterns = NONE;

        Node(int number) {
            this.number = number;
        }
    }

    private final Node root = new Node(-1);
    private int anys;

    /** Knows each pattern by its place in the list, beginning with 0. */
    RouteIndex(List<RoutePattern> patterns) {
        for (int i = 0; i < patterns.size(); i++) {
            add(patterns.get(i).segments(), i);
        }
    }

    private void add(List<String> segments, int pattern) {
        Node at = root;
        for (String segment : segments) {
            at =
                    switch (segment) {
                        case RoutePattern.ANY -> any(at);
                        case RoutePattern.ONE -> one(at);
                        default -> at.texts.computeIfAbsent(segment, _ -> new Node(-1));
                    };
        }
        at.patterns = Arrays.copyOf(at.patterns, at.patterns.length + 1);
        at.patterns[at.patterns.length - 1] = pattern;
    }

    private Node any(Node at) {
        if (at.number >= 0) {
            return at; // two of them in a row mean what one means
        }
        Node node = at.any == null ? new Node(anys++) : at.any;
        at.any = node;
        return node;
    }

    private static Node one(Node at) {
        Node node = at.one == null ? new Node(-1) : at.one;
        at.one = node;
        return node;
    }

    /** The places of all patterns that match, ascending. */
    int[] matching(RoutePath.Plain path) {
        return new Walk().through(path.segments());
    }

    /**
     * One walk: all nodes that can be reached by the segments so far. A node is reached from its
     * parent alone, so none is there twice; those behind <code>**</code> take any segment, so they
     * stay once they are reached. That bounds the work by segments and rules, whatever the path.
     */
    private final class Walk {
        private final boolean[] reached = new boolean[anys];
        private final List<Node> staying = new ArrayList<>();
        private List<Node> here = new ArrayList<>();
        private List<Node> next = new ArrayList<>();

        int[] through(List<String> segments) {
            arrive(root);
            turn();
            for (String segment : segments) {
                int stayed = staying.size(); // who arrives now takes the next segment first
                for (Node node : here) {
                    step(node, segment);
                }
                for (int i = 0; i < stayed; i++) {
                    step(staying.get(i), segment);
                }
                turn();
            }
            int[] found = NONE;
            for (Node node : here) {
                found = with(found, node.patterns);
            }
            for (Node node : staying) {
                found = with(found, node.patterns);
            }
            Arrays.sort(found);
            return found;
        }

        private void step(Node from, String segment) {
            Node text = from.texts.get(segment);
            if (text != null) {
                arrive(text);
            }
            if (from.one != null) {
                arrive(from.one);
            }
        }

        private void arrive(Node node) {
            next.add(node);
            Node any = node.any;
            if (any != null && !reached[any.number]) {
                reached[any.number] = true;
                staying.add(any);
            }
        }

        private void turn() {
            List<Node> left = here;
            here = next;
            next = left;
            next.clear();
        }

        private static int[] with(int[] found, int[] more) {
            if (more.length == 0) {
                return found;
            }
            int[] all = Arrays.copyOf(found, found.length + more.length);
            System.arraycopy(more, 0, all, found.length, more.length);
            return all;
        }
    }
}
