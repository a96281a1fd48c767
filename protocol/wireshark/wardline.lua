-- Wireshark's dissector of Wardline's frames (docs/protocol.md, section 5): their headers, and of
-- their bodies what is not encrypted. Copy it to the folder that Wireshark shows under Help, About,
-- Folders, "Personal Lua Plugins", or: tshark -X lua_script:wardline.lua
--
-- What it looks at was written by strangers: every length is checked before it is used, and what
-- does not decode is marked (filter: wardline.malformed), with the rest of the packets as before.

local wardline = Proto("wardline", "Wardline")

local HEADER = 8
local LONGEST = 64 * 1024 + 64 -- of the length field, once a session stands
local LAST_TIME = 253402300799999 -- the end of the year 9999, in milliseconds
local TAG = 16

local groups = { [1] = "ffdhe2048", [2] = "ffdhe3072", [3] = "ffdhe4096", [4] = "ristretto255" }
local element_size = { [1] = 256, [2] = 384, [3] = 512, [4] = 32 }
local roles = { [1] = "doctor", [2] = "patient" }
local opcodes = {
  [10] = "KEY_VERIFICATION", [20] = "SESSION_TOKEN", [30] = "GROUP_KEY",
  [40] = "ENC_MSG", [50] = "DEC_MSG", [60] = "DISCONNECT",
}
local reasons = {
  [1] = "goodbye", [2] = "session_over", [3] = "busy", [4] = "refused", [5] = "clock_skew",
  [6] = "token_refused", [7] = "protocol_error", [8] = "replaced", [9] = "shutting_down",
  [10] = "not_admitted", [11] = "idle",
}

local f = {
  length = ProtoField.uint32("wardline.length", "Length", base.DEC),
  version = ProtoField.uint8("wardline.version", "Version", base.DEC),
  opcode = ProtoField.uint8("wardline.opcode", "Opcode", base.DEC, opcodes),
  kind = ProtoField.uint8("wardline.kind", "Kind", base.DEC),
  flags = ProtoField.uint8("wardline.flags", "Flags", base.HEX),
  protected = ProtoField.bool("wardline.protected", "Protected", 8, nil, 0x01),
  type = ProtoField.string("wardline.type", "Type"),
  body = ProtoField.bytes("wardline.body", "Body"),
  role = ProtoField.uint8("wardline.role", "Role", base.DEC, roles),
  group = ProtoField.uint8("wardline.group", "Group", base.DEC, groups),
  id = ProtoField.string("wardline.id", "Id"),
  y_sig = ProtoField.bytes("wardline.y_sig", "Signature key"),
  y_kem = ProtoField.bytes("wardline.y_kem", "KEM key"),
  time = ProtoField.absolute_time("wardline.time", "Time", base.UTC),
  signature = ProtoField.bytes("wardline.signature", "Signature"),
  doctor_fp = ProtoField.bytes("wardline.doctor_fp", "Doctor's fingerprint, first 8 bytes"),
  nonce = ProtoField.bytes("wardline.nonce", "Nonce"),
  ephemeral = ProtoField.bytes("wardline.ephemeral", "Ephemeral element"),
  sealed = ProtoField.bytes("wardline.sealed", "Sealed part"),
  verifier = ProtoField.bytes("wardline.verifier", "Verifier"),
  token = ProtoField.bytes("wardline.token", "Token"),
  binder = ProtoField.bytes("wardline.binder", "Binder"),
  mac = ProtoField.bytes("wardline.mac", "MAC"),
  generation = ProtoField.uint32("wardline.generation", "Generation", base.DEC),
  ratchet = ProtoField.uint32("wardline.ratchet", "Ratchet", base.DEC),
  seq = ProtoField.uint64("wardline.seq", "Sequence number", base.DEC),
  ciphertext = ProtoField.bytes("wardline.ciphertext", "Ciphertext"),
  tag = ProtoField.bytes("wardline.tag", "Tag"),
  reason = ProtoField.uint16("wardline.reason", "Reason", base.DEC, reasons),
  retry_after = ProtoField.uint32("wardline.retry_after", "Retry after (s)", base.DEC),
  text = ProtoField.string("wardline.text", "Text"),
}
wardline.fields = f

local malformed = ProtoExpert.new("wardline.malformed", "Malformed", expert.group.MALFORMED,
  expert.severity.ERROR)
wardline.experts = { malformed }

wardline.prefs.ports = Pref.range("TCP ports", "7460", "Where gateways listen", 65535)
wardline.prefs.reassemble = Pref.bool("Reassemble frames", true,
  "Whether a frame that spans several TCP segments is put together")

-- Reads a body from the front. The first thing that does not fit ends it: `wrong` says what.
local reader = {}
reader.__index = reader

function reader.new(tvb, tree)
  return setmetatable({ tvb = tvb, tree = tree, at = HEADER, size = tvb:len() }, reader)
end

function reader:left() return self.size - self.at end

function reader:fail(what)
  if not self.wrong then self.wrong = what end
end

function reader:take(n)
  if self.wrong or n > self:left() then
    self:fail("the body is too short")
    return nil
  end
  local range = n > 0 and self.tvb:range(self.at, n) or nil
  self.at = self.at + n
  return range
end

function reader:add(field, n)
  local range = self:take(n)
  if range then self.tree:add(field, range) end
  return range
end

-- The value, if it is one of `known`.
function reader:choice(field, n, known)
  local range = self:add(field, n)
  if not range then return nil end
  local value = range:uint()
  if known[value] then return value end
  self:fail("an unknown value")
end

-- opaque x<N>: a length of one or two bytes, at most `most`, and that many bytes.
function reader:opaque(field, most)
  local prefix = self:take(most <= 255 and 1 or 2)
  if not prefix then return end
  local n = prefix:uint()
  if n > most then
    self:fail("a field is over its bound")
  elseif n > 0 then
    self:add(field, n)
  end
end

-- Unix milliseconds.
function reader:time()
  local range = self:take(8)
  if not range then return end
  local ms = range:range(0, 4):uint() * 4294967296 + range:range(4, 4):uint()
  if ms > LAST_TIME then
    self:fail("a time after the year 9999")
  else
    self.tree:add(f.time, range, NSTime.new(math.floor(ms / 1000), (ms % 1000) * 1000000))
  end
end

function reader:finish()
  if not self.wrong and self:left() > 0 then self:fail("bytes are left over") end
end

local function identity(r)
  r:choice(f.role, 1, roles)
  local group = r:choice(f.group, 1, groups)
  if not group then return end
  r:opaque(f.id, 64)
  r:add(f.y_sig, element_size[group])
  r:add(f.y_kem, element_size[group])
  r:time()
  r:opaque(f.signature, 1100)
end

local function auth_request(r)
  local group = r:choice(f.group, 1, groups)
  if not group then return end
  r:add(f.doctor_fp, 8)
  r:time()
  r:add(f.nonce, 32)
  r:add(f.ephemeral, element_size[group])
  r:opaque(f.sealed, 4096)
end

-- The group is the doctor's and not said: it is the one with which the lengths add up.
local function auth_response(r)
  r:time()
  r:add(f.nonce, 32)
  for group = 1, 4 do
    local size = element_size[group]
    local rest = r:left() - size - 2
    if rest >= 0 and r.tvb:range(r.at + size, 2):uint() == rest then
      r:add(f.ephemeral, size)
      r:opaque(f.sealed, 2048)
      return
    end
  end
  r:fail("no group's element fits")
end

local function verifier(r)
  r:time()
  r:add(f.verifier, 32)
end

local function resume_request(r)
  r:opaque(f.token, 512)
  r:time()
  r:add(f.nonce, 32)
  r:add(f.binder, 32)
end

local function resume_response(r)
  r:time()
  r:add(f.nonce, 32)
  r:add(f.mac, 32)
end

local function encrypted(r)
  if r:left() < TAG then return r:fail("there is no room for a tag") end
  r:add(f.ciphertext, r:left() - TAG)
  r:add(f.tag, TAG)
end

local function broadcast(r)
  r:add(f.generation, 4)
  r:add(f.ratchet, 4)
  r:add(f.seq, 8)
  encrypted(r)
end

local function disconnect(r)
  r:add(f.reason, 2)
  r:add(f.retry_after, 4)
  r:opaque(f.text, 255)
end

-- By opcode and kind: name, body, and whether it is protected (nil: it may be either).
local frames = {
  [10] = {
    [0] = { "hello", function() end, false },
    [1] = { "identity", identity, false },
    [2] = { "auth_request", auth_request, false },
    [3] = { "auth_response", auth_response, false },
    [4] = { "verifier", verifier, false },
    [5] = { "resume_request", resume_request, false },
    [6] = { "resume_response", resume_response, false },
    [7] = { "waiting", encrypted, false },
    [8] = { "check", encrypted, true },
  },
  [20] = { [0] = { "session_token", encrypted, true } },
  [30] = { [0] = { "group_key", encrypted, true } },
  [40] = { [0] = { "direct", encrypted, true }, [1] = { "broadcast", broadcast, false } },
  [50] = { [0] = { "receipt", encrypted, true } },
  [60] = { [0] = { "disconnect", disconnect } },
}

-- The frame that a header is of, or nil and what is wrong with the header.
local function frame_of(header)
  local length = header:range(0, 4):uint()
  local flags = header:range(7, 1):uint()
  if length < 4 or length > LONGEST then return nil, "the length is out of bounds" end
  if header:range(4, 1):uint() ~= 1 then return nil, "an unknown version" end
  local kinds = frames[header:range(5, 1):uint()]
  local frame = kinds and kinds[header:range(6, 1):uint()]
  if not frame then return nil, "an unknown opcode or kind" end
  if flags > 1 or (frame[3] ~= nil and frame[3] ~= (flags == 1)) then
    return nil, "flags that do not belong"
  end
  return frame
end

-- Of a length that is out of bounds nobody waits for the end: what is here is one bad frame.
local function frame_size(tvb, _, offset)
  local length = tvb:range(offset, 4):uint()
  if length < 4 or length > LONGEST then return math.max(HEADER, tvb:len() - offset) end
  return 4 + length
end

local function dissect_frame(tvb, pinfo, root)
  local tree = root:add(wardline, tvb:range())
  if tvb:len() < HEADER then
    tree:add_proto_expert_info(malformed, "cut off in the capture")
    return tvb:len()
  end
  local frame, wrong = frame_of(tvb:range(0, HEADER))
  local flags = tvb:range(7, 1)
  local name = frame and frame[1] or "malformed"

  tree:append_text(", " .. name)
  pinfo.cols.info:append((pinfo.private.wardline and ", " or "") .. name)
  pinfo.private.wardline = "shown"
  tree:add(f.type, tvb:range(5, 2), name):set_generated()
  tree:add(f.length, tvb:range(0, 4))
  tree:add(f.version, tvb:range(4, 1))
  tree:add(f.opcode, tvb:range(5, 1))
  tree:add(f.kind, tvb:range(6, 1))
  tree:add(f.flags, flags):add(f.protected, flags)

  local r = reader.new(tvb, tree)
  if frame then
    if flags:uint() == 1 then encrypted(r) else frame[2](r) end
    r:finish()
    wrong = r.wrong
    if wrong and tvb:reported_len() > tvb:len() then wrong = "cut off in the capture" end
  elseif r:left() > 0 then
    tree:add(f.body, tvb:range(HEADER))
  end
  if wrong then tree:add_proto_expert_info(malformed, wrong) end
  return tvb:len()
end

function wardline.dissector(tvb, pinfo, tree)
  pinfo.cols.protocol = "Wardline"
  -- Of one packet this is called again behind a frame that was put together.
  if not pinfo.private.wardline then pinfo.cols.info = "" end
  dissect_tcp_pdus(tvb, tree, HEADER, frame_size, dissect_frame, wardline.prefs.reassemble)
  return tvb:len()
end

-- A gateway at another port is known by its first frame.
wardline:register_heuristic("tcp", function(tvb, pinfo, tree)
  if tvb:len() < HEADER or not frame_of(tvb:range(0, HEADER)) then return false end
  pinfo.conversation = wardline
  wardline.dissector(tvb, pinfo, tree)
  return true
end)

local tcp_port = DissectorTable.get("tcp.port")
local ports
function wardline.prefs_changed()
  if ports == wardline.prefs.ports then return end
  if ports and ports ~= "" then tcp_port:remove(ports, wardline) end
  ports = wardline.prefs.ports
  if ports ~= "" then tcp_port:add(ports, wardline) end
end
ports = wardline.prefs.ports
tcp_port:add(ports, wardline)
