// What a command says. Each answer is given once, with a description of its plain form: the
// format decides which of the two is printed.
#pragma once

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <iosfwd>
#include <span>
#include <string>
#include <string_view>

#include "portalctl/outcome.h"
#include "portalctl/parse.h"

namespace portal::portalctl {

namespace json = boost::json;

struct Column {
    enum class Align { left, right };

    std::string_view title;
    // Printable ASCII, see portalctl/cells.h.
    std::string (*text)(const json::object& row);
    Align align = Align::left;
};

// Not owned streams; one thread.
class Output {
  public:
    Output(Format format, std::ostream& out, std::ostream& err);

    bool plain() const { return format_ == Format::plain; }

    // A line for each row under a line of titles.
    void table(const json::array& rows, std::span<const Column> columns);
    // As table(), with the plain form showing `shown` of the rows only.
    void table(const json::array& rows, const json::array& shown, std::span<const Column> columns);
    // A block for each row, a line for each column: title and value.
    void records(const json::array& rows, std::span<const Column> columns);
    void record(const json::object& row, std::span<const Column> columns);
    // `sentence` in the plain form; printable, may hold several lines.
    void answer(const json::value& value, std::string_view sentence);

    void failure(const Failure& failure);
    // To the operator at the terminal, never part of the data.
    void prompt(std::string_view question);

    // Whatever is buffered goes out now.
    void flush();
    // Whether all of it could be written so far.
    bool good() const;

  private:
    void json(const json::value& value);
    void block(const json::object& row, std::span<const Column> columns);

    Format format_;
    std::ostream& out_;
    std::ostream& err_;
};

}  // namespace portal::portalctl
