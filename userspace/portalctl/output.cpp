#include "portalctl/output.h"

#include <algorithm>
#include <cstddef>
#include <ostream>
#include <vector>

#include "base/text.h"
#include "portalctl/json_text.h"

namespace portal::portalctl {

namespace {

constexpr std::size_t kLongestLine = 4096;  // bytes of a message

const json::object& as_row(const json::value& value) {
    static const json::object kEmpty;
    const json::object* row = value.if_object();
    return row ? *row : kEmpty;
}

std::string without_trailing_blanks(std::string line) {
    line.erase(line.find_last_not_of(' ') + 1);
    return line;
}

std::string padded(const std::string& text, std::size_t width, Column::Align align) {
    const std::string blanks(width - std::min(width, text.size()), ' ');
    return align == Column::Align::right ? blanks + text : text + blanks;
}

// Each line of a message behind `label`. The mark of a shortened text is the one character
// beyond ASCII that this project's own messages hold.
void print_message(std::ostream& err, std::string_view label, std::string message) {
    constexpr std::string_view kEllipsis = "…";
    for (std::size_t at = 0; (at = message.find(kEllipsis, at)) != std::string::npos;)
        message.replace(at, kEllipsis.size(), "...");
    for (std::size_t start = 0; start <= message.size();) {
        const std::size_t end = std::min(message.find('\n', start), message.size());
        const auto line = std::string_view(message).substr(start, end - start);
        if (!line.empty()) err << label << printable(line, kLongestLine) << '\n';
        start = end + 1;
    }
}

}  // namespace

Output::Output(Format format, std::ostream& out, std::ostream& err)
    : format_(format), out_(out), err_(err) {}

void Output::table(const json::array& rows, std::span<const Column> columns) {
    table(rows, rows, columns);
}

void Output::table(const json::array& rows, const json::array& shown,
                   std::span<const Column> columns) {
    if (!plain()) return json(rows);
    std::vector<std::vector<std::string>> lines(1);
    for (const Column& column : columns)
        lines.front().emplace_back(column.title);
    for (const json::value& value : shown) {
        auto& line = lines.emplace_back();
        for (const Column& column : columns)
            line.push_back(column.text(as_row(value)));
    }
    std::vector<std::size_t> widths(columns.size());
    for (const auto& line : lines)
        for (std::size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size());
    for (const auto& cells : lines) {
        std::string line;
        for (std::size_t i = 0; i < cells.size(); ++i)
            line += (i == 0 ? "" : "  ") + padded(cells[i], widths[i], columns[i].align);
        out_ << without_trailing_blanks(std::move(line)) << '\n';
    }
}

void Output::records(const json::array& rows, std::span<const Column> columns) {
    if (!plain()) return json(rows);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i > 0) out_ << '\n';
        block(as_row(rows[i]), columns);
    }
}

void Output::record(const json::object& row, std::span<const Column> columns) {
    if (!plain()) return json(row);
    block(row, columns);
}

void Output::block(const json::object& row, std::span<const Column> columns) {
    std::size_t width = 0;
    for (const Column& column : columns)
        width = std::max(width, column.title.size());
    for (const Column& column : columns)
        out_ << padded(std::string(column.title), width, Column::Align::left) << "  "
             << column.text(row) << '\n';
}

void Output::answer(const json::value& value, std::string_view sentence) {
    if (!plain()) return json(value);
    if (!sentence.empty()) out_ << sentence << '\n';
}

void Output::failure(const Failure& failure) {
    if (plain()) {
        // Keeps the order of data and error where both go to one terminal.
        out_.flush();
        print_message(err_, "Error: ", failure.what);
        print_message(err_, "Hint: ", failure.hint);
        return;
    }
    json::object problem{{"error", failure.what}};
    if (!failure.hint.empty()) problem["hint"] = failure.hint;
    json(problem);
}

void Output::prompt(std::string_view question) {
    out_.flush();
    err_ << question << std::flush;
}

void Output::flush() {
    out_.flush();
}

bool Output::good() const {
    return out_.good();
}

void Output::json(const json::value& value) {
    out_ << json_text(value, format_ == Format::pretty ? JsonStyle::indented : JsonStyle::one_line)
         << '\n';
}

}  // namespace portal::portalctl
