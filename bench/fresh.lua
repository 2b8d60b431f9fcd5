-- wrk: no request twice, so that no answer can be one that was kept.
local serial = 0
local thread = 0

function setup(t)
    thread = thread + 1
    t:set("place", thread)
end

function request()
    serial = serial + 1
    local mark = string.find(wrk.path, "?", 1, true) and "&" or "?"
    return wrk.format("GET", wrk.path .. mark .. "serial=" .. place .. "-" .. serial)
end
