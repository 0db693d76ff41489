using System.Security.Cryptography;
using System.Text;
using FsCheck.Xunit;
using Outerloop.Configuration;
using Outerloop.Reporting;
using Outerloop.Runs;
using Outerloop.Storage;
using Outerloop.Tests.Support;

namespace Outerloop.Tests.Reporting;

public sealed class ReportDataFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Run => _folder.File("run");

    private string File => RunFolder.FiguresOf(Run);

    public void Dispose() => _folder.Dispose();

    [Property(MaxTest = 6)]
    public void Figures_of_a_file_are_those_computed_anew(byte seed, byte tasks)
    {
        using var folder = new TemporaryFolder();
        string run = folder.File("run");
        RunSettings settings = ScriptedRun.Settings with { Seed = seed, Tasks = 5 + (tasks % 30), Generations = 1 + (seed % 3), Domains = seed % 2 == 0 ? ["blocksworld", "rovers"] : ["sokoban"] };
        ScriptedRun.Execute(run, settings).GetAwaiter().GetResult();
        ReportData computed = Compute(run).GetAwaiter().GetResult();
        ReportDataFile.Write(run, new KnownReport(computed, DateTimeOffset.UnixEpoch.AddSeconds(seed), TimeSpan.FromSeconds(9), $"stamp {seed}"));
        string written = System.IO.File.ReadAllText(RunFolder.FiguresOf(run));

        KnownReport known = ReportDataFile.Read(run)!;

        Assert.Equal((DateTimeOffset.UnixEpoch.AddSeconds(seed), TimeSpan.FromSeconds(9), $"stamp {seed}"), (known.At, known.Took, known.Stamp));
        Assert.Equal(ReportPage.Of(Compute(run).GetAwaiter().GetResult()), ReportPage.Of(known.Data));
        Assert.Equal(ChartCatalog.Of(computed).Select(chart => (chart.Id, chart.Table.ToCsv())), ChartCatalog.Of(known.Data).Select(chart => (chart.Id, chart.Table.ToCsv())));
        ReportDataFile.Write(run, known);
        Assert.Equal(written, System.IO.File.ReadAllText(RunFolder.FiguresOf(run)));
    }

    [Fact]
    public async Task A_damaged_file_is_as_good_as_none()
    {
        await Known();
        byte[] whole = await System.IO.File.ReadAllBytesAsync(File);
        Random random = new Seed(1).ToRandom();
        for (int i = 0; i < 200; i++)
        {
            byte[] damaged = i % 2 == 0 ? whole[..random.Next(whole.Length)] : [.. whole];
            if (i % 2 == 1)
                damaged[random.Next(whole.Length)] ^= (byte)(1 << random.Next(8));
            await System.IO.File.WriteAllBytesAsync(File, damaged);
            Assert.Null(ReportDataFile.Read(Run));
        }

        await System.IO.File.WriteAllBytesAsync(File, whole);
        Assert.NotNull(ReportDataFile.Read(Run));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("[")]
    [InlineData("7")]
    [InlineData("""{"Data":null,"At":"2020-01-01T00:00:00+00:00","Took":"00:00:01","Stamp":null}""")]
    [InlineData("""{"Data":{"Run":"run","Settings":null,"Domains":[]},"At":"2020-01-01T00:00:00+00:00","Took":"00:00:01","Stamp":null}""")]
    [InlineData("""{"Data":{"Run":"run","Settings":"","Domains":[]},"At":"2020-01-01T00:00:00+00:00","Took":"00:00:01","Stamp":null}""")]
    public async Task A_file_that_says_something_else_under_a_right_hash_is_as_good_as_none(string body)
    {
        await Known();
        string[] header = (await System.IO.File.ReadAllLinesAsync(File))[0].Split(' ');
        header[^1] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));
        await System.IO.File.WriteAllTextAsync(File, $"{string.Join(' ', header)}\n{body}");
        Assert.Null(ReportDataFile.Read(Run));
    }

    [Fact]
    public async Task Figures_by_another_build_or_of_other_settings_are_as_good_as_none()
    {
        await Known();
        string whole = await System.IO.File.ReadAllTextAsync(File);
        string[] words = whole.Split(' ', 3);
        await System.IO.File.WriteAllTextAsync(File, $"{words[0]} {new string('0', words[1].Length)} {words[2]}");
        Assert.Null(ReportDataFile.Read(Run));

        await System.IO.File.WriteAllTextAsync(File, whole);
        Assert.NotNull(ReportDataFile.Read(Run));
        string settings = Path.Combine(Run, "run.yaml");
        await System.IO.File.WriteAllTextAsync(settings, RunFile.Print(RunFolder.SettingsAt(Run) with { Seed = 7 }));
        Assert.Null(ReportDataFile.Read(Run));
    }

    [Fact]
    public async Task A_run_that_was_moved_has_its_figures_under_its_new_name()
    {
        await Known();
        Directory.Move(Run, _folder.File("moved"));
        Assert.Equal(_folder.File("moved"), ReportDataFile.Read(_folder.File("moved"))!.Data.Run);
    }

    [Fact]
    public async Task Where_no_file_can_be_written_or_read_nothing_happens()
    {
        KnownReport known = await Known();
        System.IO.File.Delete(File);
        Directory.CreateDirectory(File); // also those who may do everything cannot write over it
        ReportDataFile.Write(Run, known);
        Assert.Null(ReportDataFile.Read(Run));
        Assert.Equal([File], Directory.EnumerateFileSystemEntries(Run, "figures*"));
    }

    private async Task<KnownReport> Known()
    {
        await ScriptedRun.Execute(Run);
        var known = new KnownReport(await Compute(Run), DateTimeOffset.UnixEpoch, TimeSpan.FromSeconds(1), "stamp");
        ReportDataFile.Write(Run, known);
        return known;
    }

    private static async Task<ReportData> Compute(string run)
    {
        await using RunStore store = await RunStore.OpenToRead(RunFolder.StoreOf(run), default);
        return await ReportData.Read(run, store, domain => new ScriptedPolicies().FormatOf("", domain), progress: null, default);
    }
}
