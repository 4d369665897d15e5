// The sites that devices ask whether they are online, and that answer as the real ones do.
#pragma once

#include "system/lab/lab.h"
#include "system/lab/web.h"

namespace portal::lab {

// At the internet's addresses, on ports 80 and 443. What is no such question is answered with
// WebServer::kPage.
class Internet {
  public:
    explicit Internet(const Lab& lab);

  private:
    WebServer web_;
};

}  // namespace portal::lab
