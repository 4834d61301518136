#pragma once
#include "model/asgi.hpp"
#include "model/fields.hpp"

/// The JSON forms of the ASGI plane's payloads, for model/timeline_json.cpp.
namespace relapse {

void put(Json& out, const AsgiCalled& p);
void put(Json& out, const AsgiFed& p);
void put(Json& out, const AsgiSent& p);
void put(Json& out, const AsgiSendFate& p);
void put(Json& out, const AsgiWaiting& p);
void put(Json& out, const AsgiReturned& p);
void put(Json& out, const AsgiRaised& p);
void put(Json& out, const AsgiTasks& p);
void put(Json& out, const AsgiComplaint& p);
void put(Json& out, const AsgiClock& p);
void get(FieldReader& in, AsgiCalled& p);
void get(FieldReader& in, AsgiFed& p);
void get(FieldReader& in, AsgiSent& p);
void get(FieldReader& in, AsgiSendFate& p);
void get(FieldReader& in, AsgiWaiting& p);
void get(FieldReader& in, AsgiReturned& p);
void get(FieldReader& in, AsgiRaised& p);
void get(FieldReader& in, AsgiTasks& p);
void get(FieldReader& in, AsgiComplaint& p);
void get(FieldReader& in, AsgiClock& p);

}  // namespace relapse
