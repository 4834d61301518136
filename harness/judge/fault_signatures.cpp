#include <array>

#include "judge/judge.hpp"

namespace relapse {
namespace {

// Not here on purpose: "Invalid HTTP request received." of uvicorn 0.17 is logged at WARNING with a
// traceback although the fault is the client's (encode/uvicorn#886).
constexpr std::array signatures{
    FaultSignature{"uvicorn", "Exception in ASGI application"},
    FaultSignature{"uvicorn", "ASGI callable returned without"},
    FaultSignature{"hypercorn", "Error in ASGI Framework"},
    FaultSignature{"daphne", "Exception inside application"},
    FaultSignature{"asyncio", "Task exception was never retrieved"},
    FaultSignature{"asyncio", "Task was destroyed but it is pending!"},
    FaultSignature{"asyncio", "protocol.data_received() call failed"},
    FaultSignature{"asyncio", "Exception in callback"},
    FaultSignature{"twisted", "Unhandled Error"},
    FaultSignature{"chatd", "Unhandled exception in session"},
};

}  // namespace

std::span<const FaultSignature> fault_signatures() {
  return signatures;
}

}  // namespace relapse
