package drawbridge.console.screen.sessions;

import javafx.collections.ListChangeListener;
import javafx.collections.ObservableListBase;

import java.util.List;

/**
 * A list that changes only as a whole: the new rows take the place of the old ones without either
 * being copied or walked, however many they are.
 *
 * @param <E> a row
 */
final class SwappedRows<E> extends ObservableListBase<E> {
    private List<E> rows = List.of();

    /** Shows these from now on; they are not changed afterwards. */
    void swap(List<E> fresh) {
        List<E> before = rows;
        rows = fresh;
        fireChange(new Swap(before));
    }

    @Override
    public E get(int index) {
        return rows.get(index);
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public int indexOf(Object row) {
        return rows.indexOf(row);
    }

    /** All that was there is gone, all that is there is new. */
    private final class Swap extends ListChangeListener.Change<E> {
        private final List<E> before;
        private boolean isAt;

        Swap(List<E> before) {
            super(SwappedRows.this);
            this.before = before;
        }

        @Override
        public boolean next() {
            boolean isFirst = !isAt;
            isAt = true;
            return isFirst;
        }

        @Override
        public void reset() {
            isAt = false;
        }

        @Override
        public int getFrom() {
            return 0;
        }

        @Override
        public int getTo() {
            return size();
        }

        @Override
        public List<E> getRemoved() {
            return before;
        }

        @Override
        protected int[] getPermutation() {
            return new int[0];
        }
    }
}
