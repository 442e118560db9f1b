"""The fleet file: what the bundled one says, and what is refused."""

from pathlib import Path

import pytest

from swath.errors import Malformed
from swath.fleet import Fleet, Memory, load_bundled_elements, load_fleet, parse_fleet

MINIMAL = """
[limits]
min_sun_elevation_deg = 10
command_lead_s = 1800
strip_overlap = 0.05
edge_margin = 0.05
min_strip_s = 2
max_strip_s = 60
min_coverage_percent = 1

[sensors.eye]
swath_km = 55.0
gsd_m = 2.5
instruments = ["msi"]
bands = [{ name = "band0", common_name = "pan", center_wavelength = 0.6, full_width_half_max = 0.4 }]

[bus.small]
max_off_nadir_deg = 30.0
max_pitch_deg = 20.0
settle_s = 6.0
slew_rate_deg_s = 1.5
captures_per_orbit = 25
seconds_per_orbit = 400.0

[satellites.ONE]
norad_id = 43890
designator = "2018-111Q"
constellation = "TEST"
collection = "test"
nominal_altitude_km = 570.0
sensor = "eye"
bus = "small"

[stations.home]
lon_deg = 140.0
lat_deg = 36.0
height_m = 30.0
min_elevation_deg = 5.0
uplink = true
downlink = true
"""


def refusal(old: str, new: str) -> str:
    assert old in MINIMAL
    with pytest.raises(Malformed) as caught:
        parse_fleet(MINIMAL.replace(old, new, 1))
    return str(caught.value)


@pytest.fixture(scope="module")
def grus() -> Fleet:
    return load_fleet()


def test_the_bundled_fleet_is_grus(grus: Fleet):
    assert list(grus.satellites) == [*(f"GRUS-1{x}" for x in "ABCDE"), *(f"GRUS-3{x}" for x in "ABCDEFG")]
    assert {s.constellation for s in grus.satellites.values()} == {"GRUS1", "GRUS3"}
    assert {s.collection for s in grus.satellites.values()} == {"grus-1", "grus-3"}


def test_grus_1_is_as_published(grus: Fleet):
    satellite = grus.satellites["GRUS-1B"]
    assert (satellite.norad_id, satellite.designator, satellite.launch_year) == (47934, "2021-022C", 2021)
    assert satellite.sensor.swath_km == 55.0
    assert satellite.sensor.gsd_m == 2.5
    assert satellite.sensor.instruments == ("msi",)
    bands = {band.name: band for band in satellite.sensor.bands}
    assert [band.common_name for band in bands.values()] == ["pan", "blue", "green", "red", "rededge", "nir"]
    assert list(bands) == [f"band{i}" for i in range(6)]
    assert bands["band3"].center_wavelength == 0.652
    assert bands["band3"].full_width_half_max == 0.063
    assert bands["band3"].solar_illumination == 1.5716542


def test_every_satellite_has_bundled_elements(grus: Fleet):
    sets = {elements.norad_id: elements for elements in load_bundled_elements()}
    for satellite in grus.satellites.values():
        elements = sets[satellite.norad_id]
        assert (elements.name, elements.designator) == (satellite.id, satellite.designator)


def test_there_are_stations_to_command_and_to_hear(grus: Fleet):
    assert sum(station.uplink for station in grus.stations) >= 2
    assert sum(station.downlink for station in grus.stations) >= 3
    assert any(abs(station.lat_deg) > 66 for station in grus.stations)


def test_estimates_are_marked_in_the_file():
    text = (Path(__file__).parents[2] / "src/swath/fleet/data/grus.toml").read_text()
    for key in (
        "max_off_nadir_deg",
        "slew_rate_deg_s",
        "captures_per_orbit",
        "seconds_per_orbit",
        "capacity_gb",
        "fill_gb_s",
        "drain_gb_s",
        "command_lead_s",
    ):
        (line,) = [line for line in text.splitlines() if line.startswith(key)]
        assert "# estimate" in line


def test_a_grus_holds_about_an_orbit_of_the_most_it_may_capture(grus: Fleet):
    for satellite in grus.satellites.values():
        memory, duty = satellite.memory, satellite.duty
        assert memory is not None
        assert memory.drain_gb_s < memory.fill_gb_s
        assert 0.5 < memory.capacity_gb / (memory.fill_gb_s * duty.seconds_per_orbit) < 2.0


def test_a_satellite_without_a_word_of_its_memory_holds_everything():
    assert parse_fleet(MINIMAL).satellites["ONE"].memory is None


def test_the_memory_of_a_bus_is_that_of_its_satellites():
    bus = "settle_s = 6.0\ncapacity_gb = 120\nfill_gb_s = 0.8\ndrain_gb_s = 0.15"
    fleet = parse_fleet(MINIMAL.replace("settle_s = 6.0", bus))
    assert fleet.satellites["ONE"].memory == Memory(120.0, 0.8, 0.15)


def test_satellites_are_found_in_any_letter_case(grus: Fleet):
    assert grus.find("grus-1a") is grus.satellites["GRUS-1A"]
    assert grus.find("Grus-3G") is grus.satellites["GRUS-3G"]
    assert grus.find("GRUS-2A") is None


def test_a_file_of_ones_own(tmp_path: Path):
    path = tmp_path / "fleet.toml"
    path.write_text(MINIMAL)
    fleet = load_fleet(path)
    assert list(fleet.satellites) == ["ONE"]
    assert fleet.satellites["ONE"].agility.max_off_nadir_deg == 30.0
    assert fleet.satellites["ONE"].duty.captures_per_orbit == 25
    assert fleet.stations[0].id == "home"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("swath_km = 55.0", "", "[sensors.eye] lacks swath_km, a number"),
        ("swath_km = 55.0", "swath_km = 'wide'", "[sensors.eye] swath_km is 'wide'; expected a number"),
        ("swath_km = 55.0", "swath_km = nan", "[sensors.eye] swath_km is nan; expected 0.1 to 3000"),
        ("swath_km = 55.0", "swath_km = true", "[sensors.eye] swath_km is True; expected a number"),
        ("swath_km = 55.0", "swath_km = 55.0\nswathe = 1", "[sensors.eye] has no key 'swathe'; it takes swath_km"),
        ('instruments = ["msi"]', "instruments = [1]", "[sensors.eye] instruments is 1; expected a text"),
        ('instruments = ["msi"]', "instruments = 'msi'", "[sensors.eye] instruments is 'msi'; expected a list"),
        ("center_wavelength = 0.6", "center_wavelength = 660", "[sensors.eye.bands[0]] center_wavelength is 660"),
        ("captures_per_orbit = 25", "captures_per_orbit = 2.5", "[bus.small] captures_per_orbit is 2.5; expected"),
        ("settle_s = 6.0", "settle = 6.0", "[bus.small] has no key 'settle'"),
        ("max_off_nadir_deg = 30.0", "max_off_nadir_deg = 80", "[bus.small] max_off_nadir_deg is 80; expected 0.1"),
        ("settle_s = 6.0", "settle_s = 6.0\ncapacity_gb = 9", "[bus.small] lacks fill_gb_s, a number"),
        ("settle_s = 6.0", "settle_s = 6.0\ndrain_gb_s = -1", "[bus.small] lacks capacity_gb"),
        (
            "settle_s = 6.0",
            "settle_s = 6.0\ncapacity_gb = 9\nfill_gb_s = 1\ndrain_gb_s = -1",
            "[bus.small] drain_gb_s is -1; expected 0 to 1000",
        ),
        ('sensor = "eye"', 'sensor = "ear"', "[satellites.ONE] sensor is 'ear'; expected one of eye"),
        ('bus = "small"', "", "[satellites.ONE] bus is None; expected one of small"),
        ("[satellites.ONE]", "[satellite.ONE]", "no satellite"),
        ("lat_deg = 36.0", "lat_deg = 96.0", "[stations.home] lat_deg is 96.0; expected -90 to 90"),
        ("uplink = true", "uplink = 1", "[stations.home] uplink is 1; expected true or false"),
        ("max_strip_s = 60", "max_strip_s = 1", "[limits] max_strip_s is 1, below min_strip_s 2"),
        ("min_strip_s = 2", "", "[limits] lacks min_strip_s"),
        ("[limits]", "[limits", "not TOML"),
        ('designator = "2018-111Q"', 'designator = "18111Q"', "[satellites.ONE] designator is '18111Q'; expected year"),
    ],
)  # fmt: skip
def test_complaints_name_table_and_key(old: str, new: str, words: str):
    assert words in refusal(old, new)


@pytest.mark.parametrize(
    ("text", "table"),
    [
        ("satellites = 1\n", "satellites"),
        ("[satellites]\nONE = 1\n", "satellites.ONE"),
        ("sensors = []\n", "sensors"),
    ],
)
def test_tables_must_be_tables(text: str, table: str):
    with pytest.raises(Malformed, match=rf"\[{table}\] is .* expected a table"):
        parse_fleet(text)


def test_ids_must_differ_by_more_than_letter_case():
    satellite = MINIMAL[MINIMAL.index("[satellites.ONE]") : MINIMAL.index("[stations")]
    twin = satellite.replace("ONE", "One").replace("43890", "43891")
    with pytest.raises(Malformed, match="letter case"):
        parse_fleet(MINIMAL + twin)
    with pytest.raises(Malformed, match="norad_id 43890 stands for two"):
        parse_fleet(MINIMAL + satellite.replace("ONE", "TWO"))


def test_the_file_is_named(tmp_path: Path):
    with pytest.raises(Malformed, match=r"nowhere\.toml cannot be read"):
        load_fleet(tmp_path / "nowhere.toml")
    broken = tmp_path / "broken.toml"
    broken.write_text("[[")
    with pytest.raises(Malformed, match=r"broken\.toml: The text is not TOML"):
        load_fleet(broken)
    broken.write_bytes(b"\xff\xfe")
    with pytest.raises(Malformed, match="cannot be read"):
        load_fleet(broken)
