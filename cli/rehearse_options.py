"""What `sangkien rehearse` can be told."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

from typer import Option

from embedded.servers import TemporalServer

Input = Annotated[Path | None, Option(help="Danh sách hồ sơ Excel; mặc định: 60 hồ sơ đầu của mẫu")]
Dossiers = Annotated[
    int | None, Option(min=1, help="Bao nhiêu hồ sơ; danh sách ngắn hơn thì lặp lại ở các huyện khác")
]
Silent = Annotated[float, Option(min=0, max=1, help="Tỷ lệ thành viên Hội đồng không bao giờ làm")]
Leave = Annotated[float, Option(min=0, max=1, help="Tỷ lệ thành viên Hội đồng nghỉ phép, một số có ủy quyền")]
Seed = Annotated[int, Option(help="Cùng số này thì cùng những người ấy")]
Day = Annotated[
    float | None, Option(min=0.01, help="Một ngày dài bao nhiêu giây thật; mặc định: theo số hồ sơ")
]
Json = Annotated[Path | None, Option(help="Ghi báo cáo vào đây")]
Kill = Annotated[bool, Option("--kill", help="Cứ vài giây lại giết ngẫu nhiên một tiến trình (kill -9)")]
Keep = Annotated[bool, Option("--keep", help="Giữ lại dữ liệu của bản riêng")]
SwitchTierOn = Annotated[
    datetime | None, Option(formats=["%Y-%m-%d"], help="Kết thúc cấp huyện vào ngày này")
]
SwitchBackAfter = Annotated[
    int | None, Option(min=1, max=60, help="… và từng ấy ngày sau thì trả lại như cũ")
]
Policy = Annotated[
    list[str] | None,
    Option(help="Theo bộ quy định này: một tệp, hoặc tên@phiên bản của bản đang chạy"),
]
Compare = Annotated[
    bool,
    Option("--compare", help="Cùng những người ấy theo hai bộ: bộ mẫu của thời kỳ đó, hoặc hai --policy"),
]
Succession = Annotated[
    Path | None, Option(help="Sắp xếp đơn vị theo bảng này (XLSX, CSV) giữa mùa, cùng với --on")
]
On = Annotated[datetime | None, Option(formats=["%Y-%m-%d"], help="Ngày việc sắp xếp có hiệu lực")]
ThroughPages = Annotated[
    int, Option(min=0, help="Bao nhiêu hồ sơ do những người chỉ dùng các trang thực hiện từ đầu đến cuối")
]
Temporal = Annotated[
    TemporalServer,
    Option(help="Máy chủ Temporal: development, hoặc cluster (bản thật trên PostgreSQL, năm tiến trình)"),
]
