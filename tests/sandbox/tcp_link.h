// One connection through a front: bytes are carried both ways until both sides are done.
#pragma once

#include <string>

namespace baton::sandbox {

class TcpLink {
 public:
  /// Takes both descriptors; `backend` may still be connecting.
  TcpLink(int poll, int client, int backend);
  ~TcpLink();
  TcpLink(const TcpLink&) = delete;
  TcpLink& operator=(const TcpLink&) = delete;

  int client() const { return client_.descriptor; }
  int backend() const { return backend_.descriptor; }
  /// Does what the events of one descriptor allow; false when the link is over.
  bool serve(int descriptor, unsigned events);

 private:
  struct Side {
    int descriptor;
    std::string unsent = {};  ///< to be written to it
    bool is_connected = true;
    bool has_ended = false;  ///< it sends nothing more
    bool is_told = false;    ///< it knows that the other one sends nothing more
  };

  bool take_from(Side& from, Side& to);
  bool flush(Side& side, const Side& other);
  bool confirm_connection(Side& side);
  void watch(const Side& side, const Side& other) const;
  bool fail();

  int poll_;
  Side client_;
  Side backend_;
};

}  // namespace baton::sandbox
