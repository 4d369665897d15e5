// The connections that wait for their peers, in the order in which they began to. When there is
// no place left, whoever has waited longest makes room: a peer that is served sends its request
// within a round trip, one that holds a place never does.
#pragma once

#include <boost/intrusive/list.hpp>

namespace portal::http {

namespace intrusive = boost::intrusive;

// Leaves its list by itself when it ends. Not to be moved while on one.
class Waiting : public intrusive::list_base_hook<
                    intrusive::link_mode<intrusive::link_mode_type::auto_unlink>> {
  public:
    // Called from WaitingList::end_longest(), and then on no list any more.
    virtual void give_up() = 0;

  protected:
    ~Waiting() = default;
};

// One thread. Outlives what is on it.
class WaitingList {
  public:
    // At the end, also if it is on the list already.
    void add(Waiting& waiting) {
        remove(waiting);
        list_.push_back(waiting);
    }
    static void remove(Waiting& waiting) {
        if (waiting.is_linked()) waiting.unlink();
    }

    // False if nobody waits.
    bool end_longest() {
        if (list_.empty()) return false;
        Waiting& longest = list_.front();
        list_.pop_front();
        longest.give_up();
        return true;
    }

  private:
    intrusive::list<Waiting, intrusive::constant_time_size<false>> list_;
};

}  // namespace portal::http
