#pragma once
#include <boost/asio/any_io_executor.hpp>
#include <memory>

#include "drive/recorder.hpp"

namespace relapse {

/// Notices when this machine does not let the harness run: a ticker on the harness's own executor
/// that rings late. Records a Delayed at that moment, and nothing in the normal case, so that the
/// judge knows which deadlines were fair. Ends with its scope and keeps nothing alive.
class LatenessWatch {
 public:
  LatenessWatch(asio::any_io_executor executor, Recorder& recorder);
  ~LatenessWatch();
  LatenessWatch(const LatenessWatch&) = delete;
  LatenessWatch& operator=(const LatenessWatch&) = delete;

 private:
  struct Ticker;
  std::shared_ptr<Ticker> ticker_;
};

}  // namespace relapse
